// Addresses below /petugas/: the path says which screen, the query what is filtered, so every view can be linked to and
// the browser's own back button works.
import { useEffect, useReducer, useRef } from 'preact/hooks'
import { listeners } from './listeners'

export const BASE = '/petugas'
const changes = listeners()

export interface Place {
  path: string // without BASE: "/loket", "/permohonan/0193…"
  query: URLSearchParams
}

export function place(): Place {
  const path = location.pathname.startsWith(BASE) ? location.pathname.slice(BASE.length) : '/'
  return { path: path.replace(/\/+$/, '') || '/', query: new URLSearchParams(location.search) }
}

// A screen with unsent work may ask before it is left.
let unsent: (() => string | undefined) | undefined

/** While the component is there, leaving it asks with the words that `question` gives; no words, no question. */
export function useLeaveQuestion(question: () => string | undefined): void {
  const latest = useRef(question)
  latest.current = question
  useEffect(() => {
    const mine = () => latest.current()
    const closing = (event: BeforeUnloadEvent) => mine() && event.preventDefault()
    unsent = mine
    addEventListener('beforeunload', closing)
    return () => {
      if (unsent === mine) unsent = undefined
      removeEventListener('beforeunload', closing)
    }
  }, [])
}

/** Asks, where something is unsent; false: stay. */
export function mayLeave(): boolean {
  const words = unsent?.()
  return !words || confirm(words)
}

/** Goes to a path below BASE ("/loket?cari=…"). */
export function go(path: string, how: 'push' | 'replace' = 'push'): void {
  if (how === 'push') history.pushState(null, '', BASE + path)
  else history.replaceState(null, '', BASE + path)
  changes.tell()
}

/** Changes one part of the query and stays on the screen; empty: takes it away. */
export function setQuery(name: string, value: string): void {
  const { path, query } = place()
  if (value) query.set(name, value)
  else query.delete(name)
  go(query.size ? `${path}?${query}` : path, 'replace')
}

addEventListener('popstate', changes.tell)

export function usePlace(): Place {
  const [, redraw] = useReducer((count: number) => count + 1, 0)
  useEffect(() => changes.add(() => redraw(undefined)), [])
  return place()
}

// Plain links stay within the application: <a href="/petugas/…"> needs no component of its own.
addEventListener('click', (event) => {
  const link = (event.target as Element | null)?.closest?.('a[href]') as HTMLAnchorElement | null
  if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
  if (link.origin !== location.origin || !link.pathname.startsWith(`${BASE}/`) || link.target || link.hasAttribute('download')) return
  if (link.hash && link.pathname === location.pathname) return
  event.preventDefault()
  if (!mayLeave()) return
  go(link.pathname.slice(BASE.length) + link.search)
  scrollTo(0, 0)
})
