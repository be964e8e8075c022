// What was missing is brought: at the loket before the file has a number, or after the verifier gave it back.
import { useState } from 'preact/hooks'
import { command, Problem } from '../../api'
import { useAct, useCommandKeys } from '../../hooks'
import { go } from '../../router'
import { faultOf, Faults } from '../../ui/faults'
import { Button, Stale } from '../../ui/parts'
import type { Fault } from '../../ui/schema'
import type { Case } from './case'
import { isBrought, noPaper, type Paper } from './draft'
import { useKeys } from './keys'
import { remember } from './outcome'
import { Papers, type ChangePaper } from './papers'
import { provisionsOf, uploadAll } from './submit'

export function Completion({ one, again }: { one: Case; again: () => void }) {
  const isOpen = one.status === 'incomplete' || (one.status === 'registered' && one.step === 'completion')
  if (!isOpen || one.missing.length === 0) return null
  return <Bringing key={one.missing.map((item) => item.code).join()} one={one} again={again} />
}

function Bringing({ one, again }: { one: Case; again: () => void }) {
  const [papers, setPapers] = useState<Record<string, Paper>>({})
  const [fault, setFault] = useState<Fault>()
  const [turn, setTurn] = useState(0)
  const keyFor = useCommandKeys()
  const act = useAct()
  const missing = one.missing.map((item) => ({
    ...item,
    mandatory: one.requirements.find((requirement) => requirement.code === item.code)?.mandatory ?? true,
  }))
  const brought = missing.filter((item) => isBrought(papers[item.code]))
  const onPaper: ChangePaper = (code, change) => {
    setFault(undefined)
    setPapers((before) => ({ ...before, [code]: change(before[code] ?? noPaper) }))
  }
  const refuse = (words: Fault) => {
    setFault(words)
    setTurn((before) => before + 1)
  }
  const submit = () => {
    const [first] = missing
    if (!first) return
    if (brought.length === 0) return refuse({ at: `/requirements/${first.code}`, words: 'Belum ada kekurangan yang dilengkapi.' })
    const provisions = provisionsOf(
      missing.map((item) => item.code),
      papers,
    )
    act.run(async () => {
      try {
        const requirements = await uploadAll(provisions, one.kecamatan)
        const { application } = one
        remember(
          await command('intake.application.complete', { params: { application }, body: { requirements }, key: keyFor(requirements) }),
        )
        go(`/loket/permohonan/${application}?baru=1`, 'replace')
        again()
      } catch (error) {
        if (!(error instanceof Problem)) throw error
        const named = faultOf(error)
        const code = provisions[Number(named?.at.match(/^\/requirements\/(\d+)/)?.[1])]?.code
        if (!named || !code) throw error
        refuse({ ...named, at: `/requirements/${code}` })
      }
    })
  }
  useKeys({ key: 'enter', ctrl: true }, submit)
  return (
    <section class="card" aria-labelledby="kekurangan">
      <h2 id="kekurangan">Yang masih kurang</h2>
      <p>
        {one.status === 'incomplete'
          ? 'Setelah lengkap, permohonan diberi nomor dan tanggal janji.'
          : 'Berkas dikembalikan petugas verifikasi. Setelah lengkap, pemeriksaan dilanjutkan dan waktu layanan dihitung lagi.'}
      </p>
      <Faults faults={fault ? [fault] : []} turn={turn} />
      <Stale problem={act.problem} again={again} />
      <form
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <Papers requirements={missing} papers={papers} onPaper={onPaper} kecamatan={one.kecamatan} faults={fault ? [fault] : []} />
        <div class="actions">
          <Button type="submit" isBusy={act.isBusy}>
            Simpan kelengkapan <kbd>Ctrl+Enter</kbd>
          </Button>
        </div>
      </form>
    </section>
  )
}
