// The error summary of a form: what is wrong, each line a link to its field.  It takes the focus after a refusal, so that
// it is read out and the officer goes on from there by keyboard.
import { useEffect, useId, useRef } from 'preact/hooks'
import type { Problem } from '../api'
import { fieldId } from './parts'
import type { Fault } from './schema'

/** Puts the focus on the control for a value, or on the nearest one around it. */
export function goToField(at: string): void {
  for (let pointer = at; pointer; pointer = pointer.slice(0, pointer.lastIndexOf('/'))) {
    const found = document.getElementById(fieldId(pointer))
    if (!found) continue
    found.focus()
    found.scrollIntoView({ block: 'center' })
    return
  }
}

/** The words for one field, if something is wrong with it. */
export const faultAt = (faults: readonly Fault[], at: string): string | undefined => faults.find((fault) => fault.at === at)?.words

/** A refusal of the server as a fault of the field that it names. */
export const faultOf = (problem: Problem | undefined): Fault | undefined =>
  problem?.field ? { at: problem.field, words: problem.detail } : undefined

interface FaultsProps {
  faults: readonly Fault[]
  /** Counts the refusals: with each one the summary takes the focus again. */
  turn: number
}

export function Faults({ faults, turn }: FaultsProps) {
  const box = useRef<HTMLDivElement>(null)
  const id = useId()
  useEffect(() => {
    if (turn > 0) box.current?.focus()
  }, [turn])
  if (faults.length === 0) return null
  return (
    // No alert: it is read out because it takes the focus, and stays silent while the officer mends one after the other.
    <div class="trouble" role="group" aria-labelledby={id} tabIndex={-1} ref={box}>
      <p id={id}>{faults.length === 1 ? 'Ada satu hal yang perlu diperbaiki:' : `Ada ${faults.length} hal yang perlu diperbaiki:`}</p>
      <ul>
        {faults.map((fault) => (
          <li key={fault.at + fault.words}>
            <a
              href={`#${fieldId(fault.at)}`}
              onClick={(event) => {
                event.preventDefault()
                goToField(fault.at)
              }}
            >
              {fault.words}
            </a>
          </li>
        ))}
      </ul>
    </div>
  )
}
