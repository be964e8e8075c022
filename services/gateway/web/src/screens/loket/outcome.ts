// What registering answered beyond the case itself: its warnings are said once and not kept by the server.  They stand here
// until the page is loaded again.
import type { Reply } from '../../api'
import { session } from '../../session'

type Warnings = Reply<'intake.application.register'>['warnings']
const warnings = new Map<string, Warnings>()
session.onWipe(() => warnings.clear())

export const remember = (reply: { application: string; warnings: Warnings }): void => {
  warnings.set(reply.application, reply.warnings)
}
export const warningsOf = (application: string): Warnings => warnings.get(application) ?? []
