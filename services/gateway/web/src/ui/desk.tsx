// The layout of a desk: what is to be known and done on one side, the papers of the file on the other, one at a time.
// Which paper lies open stands in the address.
import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import { BASE, setQuery, usePlace } from '../router'
import { inboxAddress } from './inbox_rows'
import { Paper } from './paper'
import { Button } from './parts'

export interface DeskPaper {
  key: string
  title: string
  load: () => Promise<Blob>
}

/** Something that a desk draws by itself among the papers, such as a preview. */
export interface DeskView {
  key: string
  title: string
  view: ComponentChildren
}

const QUERY = 'dokumen'

let cameFrom: HTMLElement | undefined

/** Opens a paper from elsewhere on the desk and goes there: on a phone it lies below. */
export function openPaper(key: string): void {
  cameFrom = document.activeElement instanceof HTMLElement ? document.activeElement : undefined
  setQuery(QUERY, key)
  requestAnimationFrame(() => document.getElementById('lembar')?.focus())
}

function goBack(): void {
  const to = cameFrom?.isConnected ? cameFrom : document.querySelector<HTMLElement>('.back a')
  to?.focus()
  to?.scrollIntoView({ block: 'center' })
}

interface DeskProps {
  /** The inbox it came from: "/verifikasi"; without: no way back is offered. */
  inbox?: string
  /** Whose whole course can be looked at from here. */
  application?: string
  title: ComponentChildren
  papers: Array<DeskPaper | DeskView>
  /** Said when there are none. */
  withoutPapers?: string
  children: ComponentChildren
}

/** The way back to the inbox with the filters it had, and to the whole course of the file. */
const Back = ({ inbox, application }: { inbox: string; application?: string | undefined }) => (
  <p class="back no-print">
    <a href={BASE + inboxAddress(inbox)}>← Kembali ke daftar</a>
    {application && (
      <>
        {' · '}
        <a href={`${BASE}/permohonan/${application}`}>Perjalanan permohonan</a>
      </>
    )}
  </p>
)

/** What is seen while a file is on its way to the desk, or does not come. */
export function BeforeDesk({ inbox, title, isThere }: { inbox: string; title: string; isThere: boolean }) {
  return isThere ? null : (
    <>
      <Back inbox={inbox} />
      <h1>{title}</h1>
    </>
  )
}

export function Desk({ inbox, application, title, papers, withoutPapers = 'Tidak ada dokumen untuk dilihat.', children }: DeskProps) {
  return (
    <>
      {inbox && <Back inbox={inbox} application={application} />}
      <h1>{title}</h1>
      <div class="desk">
        <div class="desk-facts">{children}</div>
        <section class="desk-papers" aria-label="Dokumen">
          {papers.length > 0 ? <Papers papers={papers} /> : <p class="card">{withoutPapers}</p>}
        </section>
      </div>
    </>
  )
}

/** Tabs, by the pattern of the ARIA guide: one stop for Tab, arrows between them. */
function Papers({ papers }: { papers: Array<DeskPaper | DeskView> }) {
  const wanted = usePlace().query.get(QUERY)
  const open = papers.find((paper) => paper.key === wanted) ?? papers[0]
  const fetched = useFetched(papers.map((paper) => paper.key).join(' '))
  const id = useId()
  if (!open) return null
  const move = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    const at = papers.indexOf(open)
    const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: papers.length - 1 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    const next = papers[(to + papers.length) % papers.length]
    if (!next) return
    setQuery(QUERY, next.key)
    event.currentTarget.querySelectorAll<HTMLElement>('[role=tab]')[papers.indexOf(next)]?.focus()
  }
  return (
    <>
      {papers.length > 1 && (
        <div class="tabs" role="tablist" aria-label="Pilih dokumen" onKeyDown={move}>
          {papers.map((paper) => (
            <button
              key={paper.key}
              type="button"
              role="tab"
              aria-selected={paper === open}
              aria-controls="lembar"
              id={`${id}-${paper.key}`}
              tabIndex={paper === open ? 0 : -1}
              onClick={() => setQuery(QUERY, paper.key)}
            >
              {paper.title}
            </button>
          ))}
        </div>
      )}
      <div id="lembar" tabIndex={-1} {...(papers.length > 1 ? { role: 'tabpanel', 'aria-labelledby': `${id}-${open.key}` } : {})}>
        {'view' in open ? open.view : <Paper key={open.key} title={open.title} load={() => fetched(open)} about={[open.key]} />}
      </div>
      <p class="desk-up">
        <Button tone="quiet" onClick={goBack}>
          ↑ Kembali ke atas
        </Button>
      </p>
    </>
  )
}

/** What was opened once on this desk is not fetched again: comparing two papers means going to and fro. */
function useFetched(keys: string): (paper: DeskPaper) => Promise<Blob> {
  const kept = useRef(new Map<string, Promise<Blob>>())
  useEffect(() => () => kept.current.clear(), [keys])
  return (paper) => {
    const known = kept.current.get(paper.key)
    if (known) return known
    const asked = paper.load()
    kept.current.set(paper.key, asked)
    asked.catch(() => kept.current.delete(paper.key))
    return asked
  }
}
