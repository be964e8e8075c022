// Where registrations that are being typed live: in this window (sessionStorage), so that a reload loses nothing.  One is gone
// when it has been sent, thrown away, or the officer signs out, and is not shown to another officer.  A file of its own, small,
// because signing out must know them also where the loket has not been opened since the reload.
import { session } from '../../session'
import type { Draft, Paper } from './draft'

const PREFIX = 'paten.loket.'
// Under its owner's name: the address of one that another officer follows begins one beside it, not over it.
const nameOf = (owner: string, id: string): string => `${PREFIX}${owner}/${id}`
const user = (): string => session.current()?.username ?? ''

/** Bytes do not survive a reload; what had not yet been uploaded has to be chosen again. */
function keptPaper(paper: Paper): Paper {
  const { blob: _, sent: __, ...rest } = paper
  if (rest.file || !rest.name) return rest
  return { isSeen: rest.isSeen, note: rest.note, trouble: `Berkas ${rest.name} belum terunggah ketika halaman dimuat ulang; pilih lagi.` }
}

function read(name: string): Draft | undefined {
  try {
    return (JSON.parse(sessionStorage.getItem(name) ?? 'null') as Draft | null) ?? undefined
  } catch {
    return undefined
  }
}

const names = (): string[] => Object.keys(sessionStorage).filter((name) => name.startsWith(PREFIX))

export const drafts = {
  find: (id: string): Draft | undefined => read(nameOf(user(), id)),
  /** Also other officers' whose session ended in this window. */
  everybodys: (): Draft[] =>
    names()
      .map(read)
      .filter((draft) => draft !== undefined),
  all: (): Draft[] => drafts.everybodys().filter((draft) => draft.owner === user()),
  save(draft: Draft): void {
    if (draft.owner !== user()) return // a file that was on its way came to its end after signing out
    const papers = Object.fromEntries(Object.entries(draft.papers).map(([code, paper]) => [code, keptPaper(paper)]))
    try {
      sessionStorage.setItem(nameOf(draft.owner, draft.id), JSON.stringify({ ...draft, papers }))
    } catch {
      // A full or forbidden store costs the reload, not the registration.
    }
  },
  drop: (id: string): void => sessionStorage.removeItem(nameOf(user(), id)),
}
session.onWipe(() => names().forEach((name) => sessionStorage.removeItem(name)))
