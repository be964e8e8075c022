// What an officer has typed or ticked for a file and not sent yet: kept in memory while the application runs, so that a
// look at another file loses nothing.  It never reaches the disk and goes with the session.
import { useReducer } from 'preact/hooks'
import { session } from './session'

const kept = new Map<string, unknown>()
session.onWipe(() => kept.clear())

/** Each officer's own: a session may end without signing out, and another begin in the same window. */
const mine = (name: string): string => `${session.current()?.account ?? ''}/${name}`

/** `initial` until something is kept under `name`. */
export function useKept<T>(name: string, initial: T): [value: T, keep: (change: (before: T) => T) => void] {
  const [, redraw] = useReducer((count: number) => count + 1, 0)
  const own = mine(name)
  const read = () => (kept.has(own) ? (kept.get(own) as T) : initial)
  return [
    read(),
    (change) => {
      kept.set(own, change(read()))
      redraw(undefined)
    },
  ]
}

/** It has been sent. */
export const forgetKept = (name: string): void => void kept.delete(mine(name))
