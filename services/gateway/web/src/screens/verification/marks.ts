// What the verifier has ticked on a checklist so far.  It is kept in memory while the application runs, so that a look at
// another file loses nothing; the decision alone goes to the server.
import { useState } from 'preact/hooks'
import { session } from '../../session'

export interface Mark {
  is?: 'good' | 'lacking'
  note: string
}
export type Marks = Readonly<Record<string, Mark>>

const kept = new Map<string, Marks>()
session.onWipe(() => kept.clear())

export const unmarked: Mark = { note: '' }

/** The marks of one visit of one file. */
export function useMarks(visit: string): [Marks, (code: string, mark: Mark) => void] {
  const [, redraw] = useState(0)
  const marks = kept.get(visit) ?? {}
  return [
    marks,
    (code, mark) => {
      kept.set(visit, { ...kept.get(visit), [code]: mark })
      redraw((count) => count + 1)
    },
  ]
}
