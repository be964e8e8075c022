// One visit: where to go and whom to meet, its letter of assignment, the day, the findings.
import { date, moment } from '../../format'
import { useLoad } from '../../hooks'
import { useNames } from '../../names'
import { useOutbox } from '../../offline/outbox'
import { BASE, usePlace } from '../../router'
import type { ScreenProps } from '../../screens'
import { Answers } from '../../ui/case_facts'
import { inboxAddress } from '../../ui/inbox'
import { Due, Facts, Notice, Shown } from '../../ui/parts'
import { Paper } from '../../ui/paper'
import { Findings } from './findings'
import { Report } from './report'
import { Schedule } from './schedule'
import { loadLetter, loadVisit, type Known, type Visit } from './store'
import { unsentOf } from './unsent'

export default function VisitScreen({ parts }: ScreenProps) {
  const application = parts['application'] ?? ''
  const loaded = useLoad(() => loadVisit(application), [application])
  return (
    <>
      <p class="back">
        <a href={BASE + inboxAddress('/lapangan')}>← Kembali ke daftar</a>
      </p>
      <Shown loaded={loaded}>{(known) => <Opened known={known} again={loaded.again} />}</Shown>
    </>
  )
}

function Opened({ known, again }: { known: Known; again: () => void }) {
  const { visit, keptAt } = known
  const names = useNames()
  const correcting = usePlace().query.get('koreksi') ?? undefined
  const unsent = unsentOf(useOutbox().mine, visit.application)
  return (
    <>
      <h1>
        Pemeriksaan lapangan <span class="number">{visit.number}</span>
      </h1>
      {keptAt && <Notice tone="warn">Tidak ada sambungan. Data tersimpan di perangkat pada {moment(keptAt)}.</Notice>}
      <div class="desk">
        <div class="desk-facts">
          <section class="card">
            <h2>{names.service(visit.service)}</h2>
            <Facts
              rows={[
                ['Paling lambat', visit.state === 'requested' || visit.state === 'scheduled' ? <Due on={visit.due_on} /> : undefined],
                ['Kunjungan', whenWords(visit)],
                ['Petugas', visit.officers?.map((one) => one.name).join(', ')],
                ['Catatan', visit.note],
              ]}
            />
            <Whereto known={known} />
            <details open={visit.state === 'requested'}>
              <summary>Isian permohonan</summary>
              <Answers schema={known.schema} values={known.form} />
            </details>
          </section>
          {visit.state === 'scheduled' && unsent && !correcting && <Unsent isRefused={unsent.state === 'conflict'} />}
          {visit.state === 'scheduled' && (!unsent || correcting) && (
            <Findings key={correcting ?? ''} visit={visit} correcting={correcting} onDone={again} />
          )}
          {visit.report && <Report visit={visit} />}
          {visit.state === 'closed' && <Notice>Permohonan ini sudah berakhir; tidak ada yang perlu diperiksa.</Notice>}
          {visit.state === 'requested' && <Schedule visit={visit} onDone={again} />}
        </div>
        <section class="desk-papers" aria-label="Surat tugas">
          {visit.letter_number ? (
            <details class="card" open={matchMedia('(min-width: 60rem)').matches}>
              <summary>Surat tugas {visit.letter_number}</summary>
              <Paper title="Surat tugas" load={() => loadLetter(visit)} about={[visit.letter_number]} />
            </details>
          ) : (
            <p class="card">Surat tugas terbit bersama jadwal.</p>
          )}
          {visit.state === 'scheduled' && (
            <details class="card">
              <summary>Ubah hari kunjungan</summary>
              <Schedule visit={visit} onDone={again} />
            </details>
          )}
        </section>
      </div>
    </>
  )
}

const whenWords = (visit: Visit): string | undefined =>
  visit.date && date(visit.date) + (visit.time ? ` pukul ${visit.time.replace(':', '.')}` : '')

/** Whom to meet and the way there; the map is asked for the place only, never for a name. */
function Whereto({ known: { applicant } }: { known: Known }) {
  const search = applicant && encodeURIComponent(applicant.address)
  return (
    <>
      <Facts
        rows={[
          ['Pemohon', applicant && <bdi key="name">{applicant.name}</bdi>],
          ['Alamat', applicant?.address],
          ['Telepon', applicant?.phone && <a href={`tel:${applicant.phone.replace(/[^+\d]/g, '')}`}>{applicant.phone}</a>],
        ]}
      />
      {search && (
        <p class="actions no-print">
          <a class="button quiet" href={`geo:0,0?q=${search}`}>
            Buka di aplikasi peta
          </a>
          <a class="button quiet" href={`https://www.openstreetmap.org/search?query=${search}`} target="_blank" rel="noopener noreferrer">
            Lihat di OpenStreetMap
          </a>
        </p>
      )}
    </>
  )
}

function Unsent({ isRefused }: { isRefused: boolean }) {
  return (
    <Notice tone="warn">
      {isRefused
        ? 'Temuan kunjungan ini ditolak server dan masih tersimpan di perangkat. '
        : 'Temuan kunjungan ini tersimpan di perangkat dan dikirim satu kali begitu ada sambungan. '}
      <a href={`${BASE}/menunggu`}>{isRefused ? 'Periksa' : 'Lihat yang menunggu'}</a>
    </Notice>
  )
}
