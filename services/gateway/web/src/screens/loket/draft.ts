// A registration that is being typed, and the command that it becomes; where it is kept until then: drafts.ts.
import { newKey } from '../../api'
import { mine } from '../../offline/db'
import { oneLine } from '../../printable'
import type { RegisterBody } from './submit'
import { valueOf, type Schema, type Typed } from '../../ui/schema'

export const emptyPerson = { nik: '', name: '', birth_place: '', birth_date: '', sex: '', address: '', job: '', phone: '', email: '' }
export type Person = typeof emptyPerson
export const emptyActing = { nik: '', name: '', relation: '' }
export type Acting = typeof emptyActing

/** What was brought for one requirement. */
export interface Paper {
  isSeen: boolean // the original was shown
  note: string
  name?: string // of the file
  size?: number
  file?: string // its id in the archive, once it is there
  blob?: Blob // its bytes; once they have arrived, only as long as this page lives
  sent?: number // which part has left, 0 to 1, while it is on its way
  trouble?: string
}

export const noPaper: Paper = { isSeen: false, note: '' }
export const isBrought = (paper: Paper | undefined): boolean => !!paper && (paper.isSeen || !!paper.file || !!paper.blob)

export interface Draft {
  id: string
  key: string // the idempotency key of the command; made with the first letter
  owner: string // the officer's account
  kecamatan: string
  service: string
  serviceName: string
  person: Person
  acting?: Acting // who stands at the counter for the applicant
  form: Typed
  papers: Record<string, Paper>
  /** It takes the place of what the server refused, which stands in the outbox under the same id. */
  isCorrection?: true
}

export function newDraft(id: string, service: { code: string; name: string }, kecamatan: string, form: Typed): Draft {
  return {
    id,
    key: newKey(),
    owner: mine(),
    kecamatan,
    service: service.code,
    serviceName: service.name,
    person: emptyPerson,
    form,
    papers: {},
  }
}

/** Leaves out what was left empty. */
const filled = <T extends Record<string, string>>(given: T): Partial<T> =>
  Object.fromEntries(
    Object.entries(given)
      .map(([name, text]) => [name, oneLine(text)] as const)
      .filter(([, text]) => text !== ''),
  ) as Partial<T>

/** The command, but for the papers, whose files may still be on their way. */
export function bodyOf(draft: Draft, schema: Schema): Omit<RegisterBody, 'requirements'> {
  return {
    kecamatan: draft.kecamatan,
    service: draft.service,
    applicant: filled(draft.person) as RegisterBody['applicant'],
    ...(draft.acting ? { acting_for: filled(draft.acting) as NonNullable<RegisterBody['acting_for']> } : {}),
    form: (valueOf(schema, draft.form) ?? {}) as Record<string, unknown>,
  }
}
