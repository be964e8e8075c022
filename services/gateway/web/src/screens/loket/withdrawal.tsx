// The applicant takes the application back, with a reason that the record keeps.
import { useState } from 'preact/hooks'
import { command } from '../../api'
import { useAct, useCommandKeys } from '../../hooks'
import { Button } from '../../ui/parts'
import { ReasonDialog } from '../../ui/reason'
import type { Case } from './case'

// Where the legal number begins, withdrawing ends (services/intake/README.md, Lifecycle).
const TOO_LATE = new Set(['finalizing', 'signing', 'payment', 'handover'])

const isOpen = (one: Case): boolean =>
  one.status === 'incomplete' || (one.status === 'registered' && (one.step === undefined || !TOO_LATE.has(one.step)))

export function Withdrawal({ one, again }: { one: Case; again: () => void }) {
  const [isAsking, setAsking] = useState(false)
  const keyFor = useCommandKeys()
  const act = useAct()
  if (!isOpen(one)) return null
  const send = (reason: string) =>
    act.run(async () => {
      const { application } = one
      await command('intake.application.withdraw', { params: { application }, body: { reason }, key: keyFor(reason) })
      setAsking(false)
      again()
    })
  return (
    <div class="actions">
      <Button tone="danger" onClick={() => setAsking(true)}>
        Cabut permohonan
      </Button>
      <ReasonDialog
        title="Cabut permohonan?"
        isOpen={isAsking}
        act={act}
        again={again}
        onClose={() => setAsking(false)}
        onSend={send}
        hint="Jangan menyebut nama orang; alasan ini dicatat."
        verb="Cabut permohonan"
        maxLength={600}
      >
        Atas kehendak pemohon. Permohonan ditutup dan tidak dapat dibuka lagi; pemohon dapat mendaftar baru.
      </ReasonDialog>
    </div>
  )
}
