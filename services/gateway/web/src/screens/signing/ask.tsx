// The two questions of the desk: the passphrase, asked once for a round and forgotten with the dialog; and the reason for
// giving a document back.
import { useState } from 'preact/hooks'
import type { Act } from '../../hooks'
import { Button, Dialog, TextField, Trouble } from '../../ui/parts'
import { ReasonDialog } from '../../ui/reason'

interface AskProps {
  isOpen: boolean
  act: Act
  onClose: () => void
}

interface PassphraseProps extends AskProps {
  count: number
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

interface ReturnProps extends AskProps {
  number: string
  onSend: (reason: string) => void
}

export const ReturnDialog = ({ number, ...ask }: ReturnProps) => (
  <ReasonDialog
    {...ask}
    title="Kembalikan kepada operator?"
    label="Yang harus diperbaiki"
    hint="Dibaca operator. Jangan menulis data pribadi pemohon."
    verb="Kembalikan"
  >
    Dokumen {number} kembali ke meja operator untuk diperbaiki; semua paraf yang sudah ada menjadi batal.
  </ReasonDialog>
)
