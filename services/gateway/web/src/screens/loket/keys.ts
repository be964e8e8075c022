// The keys of the loket: they are shown on the screen where they work.
import { useLayoutEffect, useRef } from 'preact/hooks'

interface Chord {
  key: string
  alt?: boolean
  ctrl?: boolean
}

/** Does `act` when the keys are pressed, wherever the focus is, but not behind an open dialog. */
export function useKeys({ key, alt = false, ctrl = false }: Chord, act: () => void): void {
  const latest = useRef(act)
  latest.current = act
  // With the screen, not a moment after it: who is fast would type the rest into whatever has the focus.
  useLayoutEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== key || event.altKey !== alt || (event.ctrlKey || event.metaKey) !== ctrl) return
      if (event.repeat || document.querySelector('dialog[open]')) return
      event.preventDefault()
      latest.current()
    }
    addEventListener('keydown', pressed)
    return () => removeEventListener('keydown', pressed)
  }, [key, alt, ctrl])
}
