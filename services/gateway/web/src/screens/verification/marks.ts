// What the verifier has ticked on a checklist so far; the decision alone goes to the server.
import { useKept } from '../../kept'

export interface Mark {
  is?: 'good' | 'lacking'
  note: string
}
export type Marks = Readonly<Record<string, Mark>>

export const unmarked: Mark = { note: '' }
const none: Marks = {}

/** The marks of one visit of one file. */
export function useMarks(visit: string): [Marks, (code: string, mark: Mark) => void] {
  const [marks, keep] = useKept(`verifikasi/${visit}`, none)
  return [marks, (code, mark) => keep((before) => ({ ...before, [code]: mark }))]
}
