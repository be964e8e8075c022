// What stands in an inbox: its pages, asked for again while the officer looks, and the filters that the address carries.
// The server orders (due first) and knows kecamatan and state; service and number are looked for in what came, so with
// one of them set every page is fetched.
import { useLoad, type Loaded } from '../hooks'
import { useLive } from '../live'
import { place } from '../router'

export interface InboxRow {
  application: string
  number: string
  kecamatan: string
  service: string
  due_on: string
  /** Since when it lies here, RFC 3339. */
  since: string
}

/** What a desk asks its list with; members that the list does not know are left out by the desk. */
export interface Asked {
  kecamatan?: string
  state?: string
  q?: string
  after?: string
  limit: string
}

export interface Page<R> {
  rows: R[]
  next?: string
}

export interface Wanted {
  kecamatan: string
  state: string
  service: string
  number: string
  pages: number
}

export interface Rows<R> {
  rows: R[]
  hasMore: boolean
  /** Of which list these are: kecamatan and state. */
  of: string
  at: number
}

const PAGE = 50
const MOST_PAGES = 20 // when something is looked for: 2,000 files lie on no desk

export function wantedFrom(query: URLSearchParams): Wanted {
  return {
    kecamatan: query.get('kecamatan') ?? '',
    state: query.get('keadaan') ?? '',
    service: query.get('layanan') ?? '',
    number: query.get('nomor') ?? '',
    pages: Math.min(MOST_PAGES, Math.max(1, Number(query.get('halaman')) || 1)),
  }
}

export const listOf = (wanted: Wanted): string => `${wanted.kecamatan} ${wanted.state}`

async function fetchRows<R>(load: (asked: Asked) => Promise<Page<R>>, wanted: Wanted, isServerSearch: boolean): Promise<Rows<R>> {
  const isLookedFor = wanted.service !== '' || (wanted.number !== '' && !isServerSearch)
  const rows: R[] = []
  let after: string | undefined
  for (let page = 1; page <= (isLookedFor ? MOST_PAGES : wanted.pages); page++) {
    const got: Page<R> = await load({
      limit: String(isLookedFor ? 2 * PAGE : PAGE),
      ...(wanted.kecamatan ? { kecamatan: wanted.kecamatan } : {}),
      ...(wanted.state ? { state: wanted.state } : {}),
      ...(isServerSearch && wanted.number ? { q: wanted.number } : {}),
      ...(after ? { after } : {}),
    })
    rows.push(...got.rows)
    after = got.next
    if (!after) break
  }
  return { rows, hasMore: after !== undefined, of: listOf(wanted), at: Date.now() }
}

const bare = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '')

/** "12", "000012" and "2026 000012" find 35.29.22-2026-000012: only letters and digits count. */
export function fits(row: InboxRow, wanted: Wanted, isServerSearch: boolean): boolean {
  return (
    (wanted.service === '' || row.service === wanted.service) &&
    (isServerSearch || wanted.number === '' || bare(row.number).includes(bare(wanted.number)))
  )
}

export function useRows<R>(load: (asked: Asked) => Promise<Page<R>>, wanted: Wanted, isServerSearch: boolean): Loaded<Rows<R>> {
  const isLookedFor = wanted.service !== '' || wanted.number !== ''
  const about = [listOf(wanted), isServerSearch ? wanted.number : isLookedFor, wanted.service !== '', wanted.pages]
  const loaded = useLoad(() => fetchRows(load, wanted, isServerSearch), about)
  useLive(loaded.again)
  return loaded
}

// Where each inbox stood last with its filters, so that the way back from a file leads there.
const stood = new Map<string, string>()

export function rememberPlace(): void {
  const { path, query } = place()
  stood.set(path, query.size ? `${path}?${query}` : path)
}

/** The inbox at `path` ("/verifikasi") with the filters it had. */
export const inboxAddress = (path: string): string => stood.get(path) ?? path

// What a desk has to say when the officer is back in the inbox ("Berkas … diteruskan").
let word: string | undefined

export function leaveWord(words: string): void {
  word = words
}

export function takeWord(): string | undefined {
  const taken = word
  word = undefined
  return taken
}
