// One application, whole: what happened and by whom in one line, the promise beside it, the person, the form, the papers,
// what the applicant was told.  Every officer of the kecamatan who works with papers may look; looking is written down.
import { ask } from '../api'
import { date, longDate, moment } from '../format'
import { useLoad } from '../hooks'
import { useNames } from '../names'
import type { ScreenProps } from '../screens'
import { session } from '../session'
import { Desk, openPaper } from '../ui/desk'
import { Badge, Due, Facts, Notice, Shown } from '../ui/parts'
import { statusWords } from '../words'
import { happenings, type Case, type Message } from './case/events'
import { formRows } from './case/form_rows'
import { papersOf } from './case/papers'
import { Timeline } from './case/timeline'
import './case/case.css'

interface Whole {
  one: Case
  messages: Message[] | undefined
  schema: Record<string, unknown> | undefined
}

async function load(application: string): Promise<Whole> {
  const one = await ask('intake.application.get', { application })
  // What comes from elsewhere may be away for a while; the case is shown without it.
  const [messages, service] = await Promise.all([
    ask('notification.message.list', { application }).then(
      (said) => said.messages,
      () => undefined,
    ),
    ask('intake.service.get', { service: one.service }).catch(() => undefined),
  ])
  return { one, messages, schema: service?.form_schema as Record<string, unknown> | undefined }
}

export default function CaseScreen({ parts }: ScreenProps) {
  const application = parts['application'] ?? ''
  const loaded = useLoad(() => load(application), [application])
  return <Shown loaded={loaded}>{(whole) => <Opened {...whole} />}</Shown>
}

function Opened({ one, messages, schema }: Whole) {
  return (
    <Desk title={one.service_name} papers={papersOf(one, session.roles())}>
      <Promised one={one} />
      <section class="card" aria-labelledby="perjalanan">
        <h2 id="perjalanan">Perjalanan permohonan</h2>
        {messages === undefined && <Notice tone="warn">Daftar pemberitahuan kepada pemohon belum dapat dimuat.</Notice>}
        <Timeline all={happenings(one, messages ?? [])} />
      </section>
      <Person one={one} />
      <Requirements one={one} />
      {one.form && (
        <section class="card" aria-labelledby="isian">
          <h2 id="isian">Isian permohonan</h2>
          <Facts rows={formRows(one.form, schema)} />
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
  const person = one.applicant
  if (!person) return <p class="card">Data pemohon sudah dihapus.</p>
  const born = `${person.birth_place}, ${date(person.birth_date)}`
  return (
    <section class="card" aria-labelledby="pemohon">
      <h2 id="pemohon">Pemohon</h2>
      <Facts
        rows={[
          ['Nama', person.name],
          ['NIK', person.nik],
          ['Tempat, tanggal lahir', born],
          ['Alamat', person.address],
          ['Pekerjaan', person.job],
          ['Telepon', person.phone],
          ['Surel', person.email],
          ['Bertindak untuk', one.acting_for && `${one.acting_for.name} (NIK ${one.acting_for.nik}), ${one.acting_for.relation}`],
          [
            'Diambil oleh',
            person.collector
              ? `${person.collector.name} (NIK ${person.collector.nik}), dengan surat kuasa`
              : one.handed_to && 'pemohon sendiri',
          ],
        ]}
      />
    </section>
  )
}

function Requirements({ one }: { one: Case }) {
  return (
    <section class="card" aria-labelledby="persyaratan">
      <h2 id="persyaratan">Persyaratan</h2>
      <ul class="checks">
        {one.requirements.map(({ code, name, file, original_seen, missing, mandatory }) => (
          <li key={code}>
            {name}{' '}
            {missing ? (
              <Badge tone="warn">belum ada</Badge>
            ) : original_seen || file ? (
              <Badge tone="good">{original_seen ? 'asli diperlihatkan' : 'ada salinan'}</Badge>
            ) : (
              <Badge>{mandatory ? 'belum ada' : 'tidak wajib, tidak dibawa'}</Badge>
            )}{' '}
            {file && (
              <button type="button" class="linklike" onClick={() => openPaper(`syarat-${code}`)}>
                Lihat<span class="hidden-visually"> {name}</span>
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
