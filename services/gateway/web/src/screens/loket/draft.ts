// A registration that is being typed.  It lives in this window (sessionStorage), so that a reload loses nothing; it is gone
// when it has been sent, thrown away, or the officer signs out, and is not shown to another officer.
import { newKey } from '../../api'
import { session } from '../../session'
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
  blob?: Blob // its bytes, as long as this page lives
  sent?: number // which part has left, 0 to 1, while it is on its way
  trouble?: string
}

export const noPaper: Paper = { isSeen: false, note: '' }
export const isBrought = (paper: Paper | undefined): boolean => !!paper && (paper.isSeen || !!paper.file || !!paper.blob)

export interface Draft {
  id: string
  key: string // the idempotency key of the command; made with the first letter
  owner: string // the officer's user name
  kecamatan: string
  service: string
  serviceName: string
  person: Person
  acting?: Acting // who stands at the counter for the applicant
  form: Typed
  papers: Record<string, Paper>
  isTouched: boolean
}

const PREFIX = 'paten.loket.'

export function newDraft(id: string, service: { code: string; name: string }, kecamatan: string, form: Typed): Draft {
  return {
    id,
    key: newKey(),
    owner: session.current()?.username ?? '',
    kecamatan,
    service: service.code,
    serviceName: service.name,
    person: emptyPerson,
    form,
    papers: {},
    isTouched: false,
  }
}

/** Bytes do not survive a reload; what had not yet been uploaded has to be chosen again. */
function keptPaper(paper: Paper): Paper {
  const { blob: _, sent: __, ...rest } = paper
  if (rest.file || !rest.name) return rest
  return { isSeen: rest.isSeen, note: rest.note, trouble: `Berkas ${rest.name} belum terunggah ketika halaman dimuat ulang; pilih lagi.` }
}

function read(name: string): Draft | undefined {
  try {
    const draft = JSON.parse(sessionStorage.getItem(name) ?? 'null') as Draft | null
    return draft && draft.owner === session.current()?.username ? draft : undefined
  } catch {
    return undefined
  }
}

export const drafts = {
  find: (id: string): Draft | undefined => read(PREFIX + id),
  all: (): Draft[] =>
    Object.keys(sessionStorage)
      .filter((name) => name.startsWith(PREFIX))
      .map(read)
      .filter((draft) => draft !== undefined),
  save(draft: Draft): void {
    const papers = Object.fromEntries(Object.entries(draft.papers).map(([code, paper]) => [code, keptPaper(paper)]))
    try {
      sessionStorage.setItem(PREFIX + draft.id, JSON.stringify({ ...draft, papers }))
    } catch {
      // A full or forbidden store costs the reload, not the registration.
    }
  },
  drop: (id: string): void => sessionStorage.removeItem(PREFIX + id),
  wipe(): void {
    for (const name of Object.keys(sessionStorage)) if (name.startsWith(PREFIX)) sessionStorage.removeItem(name)
  },
}
session.onWipe(drafts.wipe)

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
