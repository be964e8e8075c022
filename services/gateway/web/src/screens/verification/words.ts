// What a verifier may decide, in words: on the button, and afterwards in lists.
import type { Reply } from '../../api'

export type Outcome = NonNullable<Reply<'verification.task.get'>['task']['decision']>['outcome']

export const allOutcomes: readonly Outcome[] = ['ok', 'needs_inspection', 'incomplete', 'rejected']

export const outcomeWords: Record<Outcome, string> = {
  ok: 'Dinyatakan sesuai',
  needs_inspection: 'Diteruskan ke peninjauan lapangan',
  incomplete: 'Dikembalikan untuk dilengkapi',
  rejected: 'Ditolak',
}
