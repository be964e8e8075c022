// The applicant takes the application back, with a reason that the record keeps.
import { useState } from 'preact/hooks'
import { command } from '../../api'
import { useAct, useCommandKeys } from '../../hooks'
import { oneLine, unprintableWords } from '../../printable'
import { Button, Dialog, Field, Trouble } from '../../ui/parts'
import type { Case } from './case'

// Where the legal number begins, withdrawing ends (services/intake/README.md, Lifecycle).
const TOO_LATE = new Set(['finalizing', 'signing', 'payment', 'handover'])

const isOpen = (one: Case): boolean =>
  one.status === 'incomplete' || (one.status === 'registered' && (one.step === undefined || !TOO_LATE.has(one.step)))

export function Withdrawal({ one, again }: { one: Case; again: () => void }) {
  const [isAsking, setAsking] = useState(false)
  const [reason, setReason] = useState('')
  const [fault, setFault] = useState<string>()
  const keyFor = useCommandKeys()
  const act = useAct()
  if (!isOpen(one)) return null
  const submit = () => {
    const words = oneLine(reason)
    const wrong = words === '' ? 'wajib diisi' : unprintableWords(words)
    setFault(wrong && `Alasan ${wrong}.`)
    if (wrong) return
    act.run(async () => {
      const { application } = one
      await command('intake.application.withdraw', { params: { application }, body: { reason: words }, key: keyFor(words) })
      setAsking(false)
      again()
    })
  }
  return (
    <div class="actions">
      <Button tone="danger" onClick={() => setAsking(true)}>
        Cabut permohonan
      </Button>
      <Dialog title="Cabut permohonan?" isOpen={isAsking} onClose={() => setAsking(false)}>
        <p>Atas kehendak pemohon. Permohonan ditutup dan tidak dapat dibuka lagi; pemohon dapat mendaftar baru.</p>
        <Trouble problem={act.problem}>
          {act.problem?.status === 409 && (
            <Button tone="quiet" onClick={again}>
              Muat keadaan terbaru
            </Button>
          )}
        </Trouble>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            submit()
          }}
        >
          <Field label="Alasan" hint="Jangan menyebut nama orang; alasan ini dicatat." error={fault}>
            {(control) => (
              <textarea {...control} rows={3} maxLength={600} value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
            )}
          </Field>
          <div class="actions">
            <Button type="submit" tone="danger" isBusy={act.isBusy}>
              Cabut permohonan
            </Button>
            <Button tone="quiet" onClick={() => setAsking(false)}>
              Batal
            </Button>
          </div>
        </form>
      </Dialog>
    </div>
  )
}
