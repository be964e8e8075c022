// The dialog that asks why, before something goes back or is closed: what follows is said first, the words are taken with it.
import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import type { Act } from '../hooks'
import { oneLine, unprintableWords } from '../printable'
import { goToField } from './faults'
import { AreaField, Button, Dialog, Stale, Trouble } from './parts'

interface ReasonProps {
  title: string
  isOpen: boolean
  act: Act
  onClose: () => void
  onSend: (reason: string) => void
  label?: string
  hint: string
  /** On the button that does it. */
  verb: string
  maxLength?: number
  /** Shows what is so now, where somebody was quicker. */
  again?: () => void
  /** What follows. */
  children: ComponentChildren
}

export function ReasonDialog(props: ReasonProps) {
  return (
    <Dialog title={props.title} isOpen={props.isOpen} onClose={props.onClose}>
      <Reason {...props} />
    </Dialog>
  )
}

const AT = '/reason'
const SHORTEST = 3

function faultOf(label: string, words: string): string | undefined {
  if (words.length < SHORTEST) return `${label} wajib diisi (paling sedikit ${SHORTEST} karakter).`
  const unprintable = unprintableWords(words)
  return unprintable && `${label} ${unprintable}.`
}

/** Its state lives as long as the dialog is open: the reason for one file is none for the next. */
function Reason({ label = 'Alasan', hint, verb, maxLength = 1000, act, again, onClose, onSend, children }: ReasonProps) {
  const [reason, setReason] = useState('')
  const [isTried, setTried] = useState(false)
  const words = oneLine(reason)
  const fault = faultOf(label, words)
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        setTried(true)
        if (fault) goToField(AT)
        else onSend(words)
      }}
    >
      <p>{children}</p>
      {again ? <Stale problem={act.problem} again={again} /> : <Trouble problem={act.problem} />}
      <AreaField
        label={label}
        at={AT}
        hint={hint}
        value={reason}
        onValue={setReason}
        error={isTried ? fault : undefined}
        maxLength={maxLength}
      />
      <div class="actions">
        <Button type="submit" tone="danger" isBusy={act.isBusy}>
          {verb}
        </Button>
        <Button tone="quiet" disabled={act.isBusy} onClick={onClose}>
          Batal
        </Button>
      </div>
    </form>
  )
}
