// The hooks of every screen: listening to what is shared, asking when a screen appears, a button's work.
import { useEffect, useReducer, useRef, useState } from 'preact/hooks'
import { newKey, Problem, wasRefused } from './api'

/** Draws the component again whenever `subscribe`'s source changes. */
export function useChanges(subscribe: (listener: () => void) => () => void): void {
  const [, redraw] = useReducer((count: number) => count + 1, 0)
  useEffect(() => subscribe(() => redraw(undefined)), [subscribe])
}

export interface Loaded<T> {
  value?: T
  problem?: Problem
  isLoading: boolean
  /** Asks again; what is shown stays until the answer is there. */
  again: () => void
}

/** Asks when the component appears and whenever one of `about` changes; an answer that came too late is forgotten. */
export function useLoad<T>(load: () => Promise<T>, about: readonly unknown[]): Loaded<T> {
  const [state, setState] = useState<{ value?: T; problem?: Problem; isLoading: boolean }>({ isLoading: true })
  const [turn, again] = useReducer((count: number) => count + 1, 0)
  const latest = useRef(0)
  useEffect(() => {
    const mine = ++latest.current
    setState((before) => ({ ...before, isLoading: true }))
    load().then(
      (value) => mine === latest.current && setState({ value, isLoading: false }),
      (error: unknown) => mine === latest.current && setState((before) => ({ ...before, problem: asProblem(error), isLoading: false })),
    )
    return () => {
      latest.current++
    }
  }, [...about, turn])
  return { ...state, again: () => again(undefined) }
}

/** Whatever went wrong, as something that can be said to an officer. */
export function asProblem(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem(0, 'internal', `Kesalahan di aplikasi: ${String(error)}`)
}

export interface Act {
  isBusy: boolean
  problem?: Problem
  run: (work: () => Promise<void>) => void
  forget: () => void
}

/** A button's work: one at a time, its failure kept for the error summary. */
export function useAct(): Act {
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | undefined>()
  const busy = useRef(false)
  return {
    isBusy,
    ...(problem ? { problem } : {}),
    forget: () => setProblem(undefined),
    run(work) {
      if (busy.current) return
      busy.current = true
      setBusy(true)
      setProblem(undefined)
      work()
        .catch((error: unknown) => setProblem(asProblem(error)))
        .finally(() => {
          busy.current = false
          setBusy(false)
        })
    },
  }
}

/** Idempotency keys for what a screen sends: the same content keeps its key until it is refused, so trying it again does it once. */
export function useCommandKeys(): (content: unknown) => string {
  const kept = useRef(new Map<string, string>())
  return (content) => {
    const text = JSON.stringify(content)
    const known = kept.current.get(text)
    const key = known === undefined || wasRefused(known) ? newKey() : known
    kept.current.set(text, key)
    return key
  }
}
