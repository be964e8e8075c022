// One application at the loket: what the applicant is told (number, code, promise), what is printed for them, what is still
// missing, and the way out.  The result of a registration is this same page, entered with ?baru=1.
import { useLayoutEffect, useRef } from 'preact/hooks'
import { ask, bytes, type Method, type Reply } from '../../api'
import { date, moment } from '../../format'
import { useAct, useLoad, type Act } from '../../hooks'
import { BASE, go, usePlace } from '../../router'
import { find, type ScreenProps } from '../../screens'
import { printPdf } from '../../ui/paper'
import { Badge, Button, Facts, Notice, Shown, Trouble } from '../../ui/parts'
import { promiseWords, sexWords } from '../../words'
import { Completion } from './completion'
import { startNew } from './desk'
import { State } from './finder'
import { useKeys } from './keys'
import { warningsOf } from './outcome'
import { Withdrawal } from './withdrawal'
import './loket.css'

export type Case = Reply<'intake.application.get'>

export default function CaseAtLoket({ parts }: ScreenProps) {
  const application = parts['application'] ?? ''
  const loaded = useLoad(() => ask('intake.application.get', { application }), [application])
  useKeys({ key: 'n', alt: true }, startNew)
  return (
    <>
      <p>
        <a href={`${BASE}/loket`}>Kembali ke loket</a>
      </p>
      <Shown loaded={loaded}>{(one) => <CaseView one={one} again={loaded.again} />}</Shown>
    </>
  )
}

function CaseView({ one, again }: { one: Case; again: () => void }) {
  const print = useAct()
  return (
    <>
      <Result one={one} print={print} />
      <Completion one={one} again={again} />
      <div class="columns">
        <section class="card" aria-labelledby="pemohon">
          <h2 id="pemohon">Pemohon</h2>
          <People one={one} />
        </section>
        <section class="card" aria-labelledby="berkas">
          <h2 id="berkas">Persyaratan</h2>
          <Brought one={one} />
        </section>
      </div>
      <Withdrawal one={one} again={again} />
    </>
  )
}

const headings: Record<Case['status'], string> = {
  registered: 'Permohonan terdaftar',
  incomplete: 'Berkas belum lengkap',
  done: 'Permohonan selesai',
  rejected: 'Permohonan ditolak',
  withdrawn: 'Permohonan dicabut pemohon',
}

/** What is said to the person at the counter, large enough to turn the screen to them. */
function Result({ one, print }: { one: Case; print: Act }) {
  const { query } = usePlace()
  const heading = useRef<HTMLHeadingElement>(null)
  const isNew = query.has('baru')
  useLayoutEffect(() => {
    if (isNew) heading.current?.focus()
  }, [isNew, one.status, one.missing.length])
  const promise = one.status === 'registered' ? promiseWords(one) : undefined
  const timeline = `/permohonan/${one.application}`
  return (
    <section class={`card result ${one.status}`} aria-labelledby="hasil">
      <h1 id="hasil" tabIndex={-1} ref={heading}>
        {headings[one.status]}
      </h1>
      <p class="soft">{one.service_name}</p>
      {warningsOf(one.application).map((warning) => (
        <Notice tone="warn" key={warning.code}>
          <p>{warning.detail}</p>
        </Notice>
      ))}
      {promise && <p class="promise big">{promise}</p>}
      {one.closed_reason && <p>{one.closed_reason}</p>}
      <dl class="tokens">
        {one.number && (
          <div>
            <dt>Nomor permohonan</dt>
            <dd>{one.number}</dd>
          </div>
        )}
        {one.short_code && (
          <div>
            <dt>Kode singkat</dt>
            <dd>{one.short_code}</dd>
          </div>
        )}
        <div>
          <dt>Keadaan</dt>
          <dd>
            <State one={one} />
          </dd>
        </div>
      </dl>
      <Trouble problem={print.problem} />
      <Prints one={one} print={print} />
      <p class="actions">
        {find(timeline) && <a href={BASE + timeline}>Riwayat permohonan</a>}
        <Button tone="quiet" onClick={startNew}>
          Pendaftaran berikutnya <kbd>Alt+N</kbd>
        </Button>
      </p>
    </section>
  )
}

/** What the applicant takes home: the receipt, or the list of what is missing. */
function Prints({ one, print }: { one: Case; print: Act }) {
  const pdf = (method: Method) => () => print.run(() => printPdf(() => bytes(method, { application: one.application })))
  const slip = `/loket/permohonan/${one.application}/struk`
  const isLacking = one.missing.length > 0 && (one.status === 'incomplete' || one.status === 'registered')
  return (
    <div class="actions">
      {isLacking && (
        <Button isBusy={print.isBusy} onClick={pdf('document.missing.print')}>
          Cetak daftar kekurangan
        </Button>
      )}
      {one.number && (
        <Button tone={isLacking ? 'quiet' : 'main'} isBusy={print.isBusy} onClick={pdf('document.receipt.print')}>
          Cetak tanda terima
        </Button>
      )}
      {(isLacking || one.number) && (
        <Button tone="quiet" onClick={() => go(slip)}>
          Struk 58/80 mm
        </Button>
      )}
    </div>
  )
}

function People({ one }: { one: Case }) {
  const { applicant, acting_for } = one
  if (!applicant) return <p class="soft">Data pribadi permohonan ini sudah dihapus.</p>
  return (
    <Facts
      rows={[
        ['Nama', applicant.name],
        ['NIK', applicant.nik],
        ['Lahir', `${applicant.birth_place}, ${date(applicant.birth_date)}`],
        ['Jenis kelamin', sexWords[applicant.sex]],
        ['Alamat', applicant.address],
        ['Pekerjaan', applicant.job],
        ['Telepon', applicant.phone],
        ['Surel', applicant.email],
        ['Diurus oleh', acting_for && `${acting_for.name} (${acting_for.relation}), NIK ${acting_for.nik}`],
        ['Diterima', moment(one.registered_at ?? one.created_at)],
      ]}
    />
  )
}

function Brought({ one }: { one: Case }) {
  return (
    <ul class="papers">
      {one.requirements.map((requirement) => (
        <li key={requirement.code}>
          {requirement.missing ? (
            <Badge tone="warn">Belum ada</Badge>
          ) : requirement.file || requirement.original_seen ? (
            <Badge tone="good">Ada</Badge>
          ) : (
            <Badge>Tidak ada</Badge>
          )}{' '}
          {requirement.name}
          <span class="soft">
            {requirement.file && ' · berkas'}
            {requirement.original_seen && ' · asli diperlihatkan'}
          </span>
        </li>
      ))}
    </ul>
  )
}
