// Handing a document over: is everything there, who takes it, signed on the screen, the paper printed; then it is done.
import { ask, bytes } from '../../api'
import { moment } from '../../format'
import { useAct, useLoad } from '../../hooks'
import type { ScreenProps } from '../../screens'
import { session } from '../../session'
import { ApplicantFacts, type Case } from '../../ui/case_facts'
import { Desk } from '../../ui/desk'
import { printPdf } from '../../ui/paper'
import { Badge, Button, Notice, Shown, Trouble } from '../../ui/parts'
import { papersOf } from '../case/papers'
import { GiveForm } from './give'
import './handover.css'

export default function HandoverDesk({ parts }: ScreenProps) {
  const application = parts['application'] ?? ''
  const loaded = useLoad(() => ask('intake.application.get', { application }), [application])
  return <Shown loaded={loaded}>{(file) => <Opened key={application} file={file} onStale={loaded.again} />}</Shown>
}

function Opened({ file, onStale }: { file: Case; onStale: () => void }) {
  const isHere = file.step === 'handover'
  return (
    <Desk inbox="/penyerahan" application={file.application} title={file.service_name} papers={papersOf(file, session.roles())}>
      <section class="card" aria-labelledby="lengkap">
        <h2 id="lengkap">{file.number}</h2>
        {!isHere && <NotHere file={file} />}
        {isHere && <Complete file={file} />}
      </section>
      <section class="card" aria-labelledby="pemohon">
        <h2 id="pemohon">Pemohon</h2>
        <ApplicantFacts file={file} />
      </section>
      {isHere && <GiveForm file={file} onStale={onStale} />}
    </Desk>
  )
}

/** The last visit of a step that went well. */
const newest = (file: Case, wanted: string) => [...file.steps].reverse().find(({ step, outcome }) => step === wanted && outcome === 'ok')
const nameOf = (step: Case['steps'][number] | undefined) => (step?.actor as { name?: string } | undefined)?.name

/** Somebody was quicker, or it is too early. */
function NotHere({ file }: { file: Case }) {
  const by = nameOf(newest(file, 'handover'))
  const at = file.closed_at ? ` pada ${moment(file.closed_at)}` : ''
  return (
    <Notice tone={file.status === 'done' ? 'plain' : 'warn'}>
      {file.status_text}
      {file.handed_to
        ? ` Diterima ${file.handed_to === 'collector' ? 'orang yang dikuasakan' : 'pemohon'}${at}${by ? `, diserahkan ${by}` : ''}.`
        : at && ` Berakhir${at}.`}
    </Notice>
  )
}

function Complete({ file }: { file: Case }) {
  const act = useAct()
  const signed = newest(file, 'signing')
  const isCharged = file.facts['fee_due'] === true
  const isPaid = 'paid_rupiah' in file.facts
  return (
    <>
      <ul class="complete">
        <li>
          <Badge tone={signed ? 'good' : 'bad'}>{signed ? '✓ Ditandatangani' : '✗ Belum ditandatangani'}</Badge>{' '}
          {signed?.ended_at && `${nameOf(signed) ?? ''}, ${moment(signed.ended_at)}`}
        </li>
        <li>
          <Badge tone={!isCharged || isPaid ? 'good' : 'bad'}>
            {!isCharged ? '✓ Tanpa retribusi' : isPaid ? '✓ Retribusi lunas' : '✗ Retribusi belum dibayar'}
          </Badge>
        </li>
      </ul>
      <Trouble problem={act.problem} />
      <div class="actions">
        <Button
          tone="quiet"
          isBusy={act.isBusy}
          onClick={() => act.run(() => printPdf(() => bytes('signing.document.get', { application: file.application })))}
        >
          Cetak dokumen
        </Button>
      </div>
    </>
  )
}
