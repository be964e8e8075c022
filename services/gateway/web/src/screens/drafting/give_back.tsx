// The operator gives a file back from which no document can be drafted.
import { useState } from 'preact/hooks'
import type { Act } from '../../hooks'
import { oneLine, unprintableWords } from '../../printable'
import { goToField } from '../../ui/faults'
import { AreaField, Button, Dialog, Trouble } from '../../ui/parts'

interface GiveBackProps {
  number: string
  isOpen: boolean
  act: Act
  onClose: () => void
  onReturn: (reason: string) => void
}

export function GiveBack({ number, isOpen, act, onClose, onReturn }: GiveBackProps) {
  const [reason, setReason] = useState('')
  const [wasSent, setSent] = useState(false)
  const text = oneLine(reason)
  const rule = unprintableWords(text)
  const fault = text.length < 3 ? 'Alasan wajib diisi (paling sedikit 3 karakter).' : rule ? `Alasan ${rule}.` : undefined
  return (
    <Dialog title="Kembalikan berkas?" isOpen={isOpen} onClose={onClose}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          setSent(true)
          if (fault) goToField('/reason')
          else onReturn(text)
        }}
      >
        <p>
          <strong>{number}</strong> kembali ke meja yang dapat memperbaikinya (pada alur baku: petugas verifikasi), yang membaca alasan
          Anda. Setelah diperbaiki, berkas datang lagi ke meja ini.
        </p>
        <Trouble problem={act.problem} />
        <AreaField
          label="Alasan"
          at="/reason"
          hint="Apa yang harus diperbaiki; jangan menulis nama, NIK, atau alamat."
          value={reason}
          onValue={setReason}
          error={wasSent ? fault : undefined}
          maxLength={1000}
        />
        <div class="actions">
          <Button type="submit" isBusy={act.isBusy}>
            Kembalikan berkas
          </Button>
          <Button tone="quiet" onClick={onClose}>
            Batal
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
