// The inbox of every desk: what is due first at the top, kept fresh while it is looked at.  A desk says how its list is
// asked for, where a row leads and which columns it has besides the common ones.
import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { agoWords, daysUntil, moment } from '../format'
import type { Loaded } from '../hooks'
import { kecamatanOf, useNames } from '../names'
import { BASE, setQuery, usePlace } from '../router'
import type { Role } from '../session'
import { Button, Due, Notice, SelectField, Shown, TextField } from './parts'
import { fits, listOf, rememberPlace, takeWord, useRows, wantedFrom, type Asked, type InboxRow, type Page, type Wanted } from './inbox_rows'

export { inboxAddress, leaveWord, type Asked, type InboxRow, type Page } from './inbox_rows'

export interface Column<R> {
  label: string
  show: (row: R) => ComponentChildren
}

interface InboxProps<R extends InboxRow> {
  title: string
  /** The roles that have this inbox: their kecamatan are offered when there are several. */
  roles: Role[]
  load: (asked: Asked) => Promise<Page<R>>
  /** The row's screen, below /petugas. */
  href: (row: R) => string
  /** The states that may be asked for, the desk's own work first; without: no choice. */
  states?: ReadonlyArray<readonly [value: string, words: string]>
  columns?: ReadonlyArray<Column<R>>
  /** Stands before the number, such as a tick box for several at once. */
  lead?: Column<R>
  /** What is said when there is nothing. */
  empty: string
  /** `q` of the list finds numbers and names; otherwise numbers are looked for in what came. */
  isServerSearch?: boolean
  /** Under the title, such as a field for a receipt's code. */
  top?: ComponentChildren
  /** Between filters and rows, such as what is done with the ticked ones. */
  above?: (rows: R[]) => ComponentChildren
}

export function Inbox<R extends InboxRow>(props: InboxProps<R>) {
  const { title, load, states, empty, isServerSearch = false, top, above } = props
  const wanted = wantedFrom(usePlace().query)
  const asked = { ...wanted, state: wanted.state || (states?.[0]?.[0] ?? '') }
  const loaded = useRows(load, asked, isServerSearch)
  const [word] = useState(takeWord)
  useEffect(rememberPlace)
  // Rows of another list are not shown under this one's heading.
  const value = loaded.value?.of === listOf(asked) ? loaded.value : undefined
  const rows = value?.rows.filter((row) => fits(row, asked, isServerSearch)) ?? []
  const isFiltered = wanted.service !== '' || wanted.number !== ''
  return (
    <>
      <h1>{title}</h1>
      {word && <Notice tone="good">{word}</Notice>}
      {top}
      <Filters {...props} wanted={asked} />
      {value && loaded.problem && (
        <Notice tone="warn">
          <p>Daftar ini belum dapat diperbarui. {loaded.problem.detail}</p>
          <Button tone="quiet" onClick={loaded.again}>
            Coba lagi
          </Button>
        </Notice>
      )}
      {!value && <Shown loaded={withoutRows(loaded)}>{() => null}</Shown>}
      {value && (
        <>
          <Summary rows={rows} hasMore={value.hasMore && !isFiltered} isOpen={asked.state === (states?.[0]?.[0] ?? '')} />
          {above?.(rows)}
          {rows.length === 0 ? (
            <p class="card">{isFiltered ? 'Tidak ada berkas yang cocok dengan saringan.' : empty}</p>
          ) : (
            <Rows {...props} rows={rows} isFirstFocused={word !== undefined} />
          )}
          {value.hasMore && !isFiltered && (
            <Button tone="quiet" isBusy={loaded.isLoading} onClick={() => setQuery('halaman', String(wanted.pages + 1))}>
              Tampilkan berikutnya
            </Button>
          )}
        </>
      )}
    </>
  )
}

/** No rows of this list yet: waiting, or the reason why not. */
const withoutRows = ({ problem, isLoading, again }: Loaded<unknown>): Loaded<never> =>
  problem && !isLoading ? { problem, isLoading, again } : { isLoading: true, again }

function Filters<R extends InboxRow>({ roles, states, isServerSearch, wanted }: InboxProps<R> & { wanted: Wanted }) {
  const names = useNames()
  const kecamatan = kecamatanOf(roles, names)
  const services = names.allServices.map((one) => [one.code, one.name] as const)
  if (wanted.service && !services.some(([code]) => code === wanted.service)) services.push([wanted.service, wanted.service])
  return (
    <form class="filters" role="search" aria-label="Saring daftar" onSubmit={(event) => event.preventDefault()}>
      <TextField
        label={isServerSearch ? 'Nomor atau nama' : 'Nomor'}
        type="search"
        value={wanted.number}
        onValue={(value) => setQuery('nomor', value)}
        maxLength={60}
      />
      <SelectField
        label="Layanan"
        value={wanted.service}
        onValue={(value) => setQuery('layanan', value)}
        choices={[['', 'Semua'], ...services]}
      />
      {states && (
        <SelectField
          label="Keadaan"
          value={wanted.state}
          onValue={(value) => setQuery('keadaan', value === states[0]?.[0] ? '' : value)}
          choices={states}
        />
      )}
      {kecamatan.length > 1 && (
        <SelectField
          label="Kecamatan"
          value={wanted.kecamatan}
          onValue={(value) => setQuery('kecamatan', value)}
          choices={[['', 'Semua'], ...kecamatan.map((code) => [code, names.kecamatan(code)] as const)]}
        />
      )}
    </form>
  )
}

/** How much there is and how urgent, in one sentence that is read out when it changes. */
function Summary({ rows, hasMore, isOpen }: { rows: InboxRow[]; hasMore: boolean; isOpen: boolean }) {
  const late = rows.filter((row) => row.due_on && daysUntil(row.due_on) < 0).length
  const today = rows.filter((row) => row.due_on && daysUntil(row.due_on) === 0).length
  const urgent = isOpen ? [late && `${late} terlambat`, today && `${today} jatuh tempo hari ini`].filter(Boolean) : []
  return (
    <p class="soft" role="status">
      {rows.length} berkas{hasMore && ' pertama'}
      {urgent.length > 0 && ': '}
      {urgent.join(', ')}
    </p>
  )
}

function Rows<R extends InboxRow>({
  rows,
  href,
  columns = [],
  lead,
  isFirstFocused,
  title,
}: InboxProps<R> & { rows: R[]; isFirstFocused: boolean }) {
  const names = useNames()
  const table = useRef<HTMLTableElement>(null)
  useKeptFocus(table, isFirstFocused)
  const hasSeveral = new Set(rows.map((row) => row.kecamatan)).size > 1
  return (
    <div class="scroll">
      <table class="stacks inbox" ref={table} onKeyDown={moveByArrows}>
        <caption class="hidden-visually">{title}, yang jatuh tempo lebih dulu di atas</caption>
        <thead>
          <tr>
            {lead && <th scope="col">{lead.label}</th>}
            <th scope="col">Nomor</th>
            <th scope="col">Layanan</th>
            {hasSeveral && <th scope="col">Kecamatan</th>}
            <th scope="col">Jatuh tempo</th>
            <th scope="col">Masuk meja</th>
            {columns.map(({ label }) => (
              <th scope="col" key={label}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.application}>
              {lead && <td>{lead.show(row)}</td>}
              <td>
                <a class="row-link" href={BASE + href(row)} data-row={row.application}>
                  {row.number || 'belum bernomor'}
                </a>
              </td>
              <td>{names.service(row.service)}</td>
              {hasSeveral && <td data-label="Kecamatan">{names.kecamatan(row.kecamatan)}</td>}
              <td data-label="Jatuh tempo">{row.due_on ? <Due on={row.due_on} /> : '–'}</td>
              <td data-label="Masuk meja">
                <time dateTime={row.since} title={moment(row.since)}>
                  {agoWords(row.since)}
                </time>
              </td>
              {columns.map(({ label, show }) => (
                <td key={label} data-label={label}>
                  {show(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const linksIn = (table: HTMLElement) => [...table.querySelectorAll<HTMLAnchorElement>('a.row-link')]

/** Up and down go from row to row once a row has the focus. */
function moveByArrows(event: KeyboardEvent & { currentTarget: HTMLTableElement }): void {
  const step = event.key === 'ArrowDown' || event.key === 'j' ? 1 : event.key === 'ArrowUp' || event.key === 'k' ? -1 : 0
  const links = linksIn(event.currentTarget)
  const at = links.indexOf(event.target as HTMLAnchorElement)
  if (step === 0 || at < 0 || event.ctrlKey || event.metaKey || event.altKey) return
  event.preventDefault()
  links[at + step]?.focus()
}

/** Rows come and go while the officer reads: the focus stays with its file, or with the one that took its place. */
function useKeptFocus(table: { current: HTMLTableElement | null }, isFirstFocused: boolean): void {
  const held = useRef<{ row: string; at: number } | undefined>(undefined)
  const isDrawing = useRef(false)
  isDrawing.current = true
  useEffect(() => {
    const box = table.current
    if (!box) return undefined
    const take = (event: FocusEvent) => {
      const row = (event.target as HTMLElement).closest('tr')?.querySelector<HTMLElement>('a.row-link')
      held.current = row ? { row: row.dataset['row'] ?? '', at: linksIn(box).indexOf(row as HTMLAnchorElement) } : undefined
    }
    const leave = () => {
      if (!isDrawing.current) held.current = undefined
    }
    box.addEventListener('focusin', take)
    box.addEventListener('focusout', leave)
    if (isFirstFocused) linksIn(box)[0]?.focus()
    return () => {
      box.removeEventListener('focusin', take)
      box.removeEventListener('focusout', leave)
    }
  }, [])
  useLayoutEffect(() => {
    isDrawing.current = false
    const box = table.current
    if (!box || !held.current || document.activeElement !== document.body) return
    const links = linksIn(box)
    const same = links.find((link) => link.dataset['row'] === held.current?.row)
    ;(same ?? links[Math.min(held.current.at, links.length - 1)])?.focus({ preventScroll: same !== undefined })
  })
}
