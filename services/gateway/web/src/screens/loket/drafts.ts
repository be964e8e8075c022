// Where registrations that are being typed live: on the device, with the files that have not left it yet, so that a closed
// browser loses nothing.  One is gone when it has been sent, thrown away, or somebody signs out here.
import { kept } from '../../offline/db'
import { outbox } from '../../offline/outbox'
import type { Draft, Paper } from './draft'

const TEXTS = 'pendaftaran/'
const FILES = 'berkas/'
type Files = Record<string, Blob>

/** The bytes that are nowhere else. */
const filesOf = (draft: Draft | undefined): Files =>
  Object.fromEntries(
    Object.entries(draft?.papers ?? {}).flatMap(([code, { blob, file }]) => (blob && !file ? [[code, blob] as const] : [])),
  )

const areSame = (a: Files, b: Files): boolean =>
  Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([code, blob]) => b[code] === blob)

/** The row that changes with every key carries no bytes. */
function withoutBytes({ blob: _, sent: __, ...paper }: Paper): Paper {
  return paper
}

function withBytes(paper: Paper, blob: Blob | undefined): Paper {
  if (blob) return { ...paper, blob }
  if (paper.file || !paper.name) return paper
  return { isSeen: paper.isSeen, note: paper.note, trouble: `Berkas ${paper.name} tidak tersimpan di perangkat; pilih lagi.` }
}

const alterPapers = (draft: Draft, alter: (paper: Paper, code: string) => Paper): Draft => ({
  ...draft,
  papers: Object.fromEntries(Object.entries(draft.papers).map(([code, paper]) => [code, alter(paper, code)])),
})

const workOf = ({ serviceName, person }: Draft): string => `pendaftaran ${[serviceName, person.name].filter(Boolean).join(', ')}`

export const drafts = {
  async find(id: string): Promise<Draft | undefined> {
    const draft = await kept.get<Draft>(TEXTS + id)
    const files = await kept.get<Files>(FILES + id)
    return draft && alterPapers(draft, (paper, code) => withBytes(paper, files?.[code]))
  },
  /** Without their files, nor those that correct what stands in the outbox. */
  async all(): Promise<Draft[]> {
    const found = await kept.list<Draft>(TEXTS)
    return found.filter((draft) => !draft.isCorrection)
  },
  /** `before`: as it was kept last; files are written only when they are others. */
  async save(draft: Draft, before: Draft | undefined): Promise<void> {
    const files = filesOf(draft)
    if (!areSame(files, filesOf(before))) await kept.put(FILES + draft.id, files, undefined, draft.owner)
    await kept.put(TEXTS + draft.id, alterPapers(draft, withoutBytes), draft.isCorrection ? undefined : workOf(draft), draft.owner)
  },
  async drop(id: string): Promise<void> {
    await kept.remove(TEXTS + id)
    await kept.remove(FILES + id)
  },
  /** What it became, if the browser was closed between sending it and forgetting it. */
  async sentAs({ key }: Draft): Promise<string | undefined> {
    await outbox.ready()
    return outbox.all().find((entry) => entry.key === key)?.id
  },
}
