// One application, whole: what happened and by whom in one line, the promise beside it, the person, the form, the papers,
// what the applicant was told.  Every officer of the kecamatan who works with papers may look; looking is written down.
import { ask } from '../api'
import { date, longDate, moment } from '../format'
import { useLoad } from '../hooks'
import { useNames } from '../names'
import type { ScreenProps } from '../screens'
import { session } from '../session'
import { Answers, ApplicantFacts, Requirements, useFormSchema, type Case } from '../ui/case_facts'
import { Desk } from '../ui/desk'
import { Badge, Due, Facts, Notice, Shown } from '../ui/parts'
import { statusWords } from '../words'
import { happenings, type Message } from './case/events'
import { papersOf } from './case/papers'
import { Timeline } from './case/timeline'
import './case/case.css'

interface Whole {
  one: Case
  /** Nothing: they could not be had; the case is shown without them. */
  messages: Message[] | undefined
}

async function load(application: string): Promise<Whole> {
  const [one, messages] = await Promise.all([
    ask('intake.application.get', { application }),
    ask('notification.message.list', { application }).catch(() => undefined),
  ])
  return { one, messages: messages?.messages }
}

export default function CaseScreen({ parts }: ScreenProps) {
  const application = parts['application'] ?? ''
  const loaded = useLoad(() => load(application), [application])
  return <Shown loaded={loaded}>{(whole) => <Opened {...whole} />}</Shown>
}

function Opened({ one, messages }: Whole) {
  const schema = useFormSchema(one.service)
  return (
    <Desk title={one.service_name} papers={papersOf(one, session.roles())}>
      <Promised one={one} />
      <section class="card" aria-labelledby="perjalanan">
        <h2 id="perjalanan">Perjalanan permohonan</h2>
        {messages === undefined && <Notice tone="warn">Daftar pemberitahuan kepada pemohon belum dapat dimuat.</Notice>}
        <Timeline all={happenings(one, messages ?? [])} />
      </section>
      <Person one={one} />
      <Requirements file={one} />
      {one.form && (
        <section class="card" aria-labelledby="isian">
          <h2 id="isian">Isian permohonan</h2>
          <Answers schema={schema} values={one.form} />
        </section>
      )}
    </Desk>
  )
}

const tones = { incomplete: 'warn', registered: 'plain', done: 'good', rejected: 'bad', withdrawn: 'bad' } as const

function Promised({ one }: { one: Case }) {
  const place = useNames().kecamatan(one.kecamatan)
  const isOpen = one.status === 'registered'
  return (
    <section class="card promise-card" aria-label="Janji layanan">
      <div>
        <p>
          <strong>{one.number ?? 'Belum bernomor'}</strong> <Badge tone={tones[one.status]}>{statusWords[one.status]}</Badge>
        </p>
        <p>{one.status_text}</p>
        <p class="soft">
          {one.next && `Kepada pemohon dikatakan: ${one.next} `}
          Kecamatan {place}.
        </p>
      </div>
      <div>
        {one.wait ? (
          <>
            <p class="soft">Janji: dapat ditunggu</p>
            <p class="promise">{one.wait_minutes} menit</p>
          </>
        ) : (
          one.promised_on && (
            <>
              <p class="soft">{one.closed_at ? 'Dijanjikan selesai' : 'Dijanjikan selesai paling lambat'}</p>
              <p class="promise">{longDate(one.promised_on)}</p>
            </>
          )
        )}
        <p>
          {isOpen && one.due_on && <Due on={one.due_on} />}
          {one.closed_at && `Berakhir ${moment(one.closed_at)}.`}
        </p>
        {one.paused_days !== undefined && one.paused_days > 0 && one.due_original_on && (
          <p class="soft">
            Semula {date(one.due_original_on)}; waktu layanan berhenti {one.paused_days} hari selama berkas dilengkapi.
          </p>
        )}
      </div>
    </section>
  )
}

function Person({ one }: { one: Case }) {
  const { applicant, handover, handed_to } = one
  const given = handed_to === 'collector' ? `${applicant?.collector?.name ?? 'orang lain'}, dengan surat kuasa` : 'pemohon sendiri'
  return (
    <section class="card" aria-labelledby="pemohon">
      <h2 id="pemohon">Pemohon</h2>
      {applicant ? <ApplicantFacts file={one} /> : <p>Data pemohon sudah dihapus.</p>}
      {handed_to && (
        <Facts
          rows={[
            ['Dokumen diserahkan kepada', given],
            ['KTP-el', handover && (handover.nik_confirmed ? 'sudah dicocokkan petugas' : 'tidak dicatat')],
            ['Catatan penyerahan', handover?.note],
          ]}
        />
      )}
    </section>
  )
}
