// The two questions of the desk: the passphrase, asked once for a round and forgotten with the dialog; and the reason for
// giving a document back.
import { useState } from 'preact/hooks'
import type { Act } from '../../hooks'
import { oneLine, unprintableWords } from '../../printable'
import { AreaField, Button, Dialog, TextField, Trouble } from '../../ui/parts'

interface PassphraseProps {
  isOpen: boolean
  count: number
  act: Act
  onClose: () => void
  onSend: (passphrase: string) => void
}

export function PassphraseDialog(props: PassphraseProps) {
  return (
    <Dialog
      title={props.count === 1 ? 'Tanda tangani dokumen ini?' : `Tanda tangani ${props.count} dokumen?`}
      isOpen={props.isOpen}
      onClose={props.onClose}
    >
      <Passphrase {...props} />
    </Dialog>
  )
}

/** Its state lives as long as the dialog is open: closed, nothing of the passphrase is left. */
function Passphrase({ count, act, onClose, onSend }: PassphraseProps) {
  const [passphrase, setPassphrase] = useState('')
  const wrong = act.problem?.code === 'passphrase_wrong'
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        onSend(passphrase)
      }}
    >
      <Trouble problem={act.problem} />
      <TextField
        label="Frasa sandi sertifikat elektronik Anda"
        hint={count === 1 ? 'Tidak disimpan.' : 'Diminta sekali untuk semua dokumen ini; tidak disimpan.'}
        type="password"
        value={passphrase}
        onValue={setPassphrase}
        error={wrong ? act.problem?.detail : undefined}
        autocomplete="off"
        maxLength={200}
        required
        autofocus
      />
      <div class="actions">
        <Button type="submit" isBusy={act.isBusy}>
          Tanda tangani
        </Button>
        <Button tone="quiet" disabled={act.isBusy} onClick={onClose}>
          Batal
        </Button>
      </div>
    </form>
  )
}

interface ReturnProps {
  isOpen: boolean
  number: string
  act: Act
  onClose: () => void
  onSend: (reason: string) => void
}

export function ReturnDialog(props: ReturnProps) {
  return (
    <Dialog title="Kembalikan kepada operator?" isOpen={props.isOpen} onClose={props.onClose}>
      <Reason {...props} />
    </Dialog>
  )
}

const SHORTEST = 3

function Reason({ number, act, onClose, onSend }: ReturnProps) {
  const [reason, setReason] = useState('')
  const [isTried, setTried] = useState(false)
  const words = oneLine(reason)
  const unprintable = unprintableWords(words)
  const error = words.length < SHORTEST ? 'Tuliskan apa yang harus diperbaiki.' : unprintable && `Alasan ${unprintable}.`
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        setTried(true)
        if (!error) onSend(words)
      }}
    >
      <p>Dokumen {number} kembali ke meja operator untuk diperbaiki; semua paraf yang sudah ada menjadi batal.</p>
      <Trouble problem={act.problem} />
      <AreaField
        label="Apa yang harus diperbaiki"
        hint="Dibaca operator. Jangan menulis data pribadi pemohon."
        value={reason}
        onValue={setReason}
        error={isTried ? error : undefined}
        maxLength={1000}
      />
      <div class="actions">
        <Button type="submit" tone="danger" isBusy={act.isBusy}>
          Kembalikan
        </Button>
        <Button tone="quiet" disabled={act.isBusy} onClick={onClose}>
          Batal
        </Button>
      </div>
    </form>
  )
}
