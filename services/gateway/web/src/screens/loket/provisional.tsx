// A registration that waits on this device for the line: its temporary number, the provisional receipt, and what became of
// it.  The address without /struk is the screen, the one with it the paper.
import { useEffect, useRef } from 'preact/hooks'
import { moment } from '../../format'
import { useNames } from '../../names'
import { useOutbox, type Entry } from '../../offline/outbox'
import { BASE, go, usePlace } from '../../router'
import type { ScreenProps } from '../../screens'
import { Button, Notice } from '../../ui/parts'
import { startNew } from './desk'
import { useKeys } from './keys'
import { Slip, SlipFact } from './slip'
import { temporaryNumber, type Registered, type RegisterBody } from './submit'
import './loket.css'

export default function Provisional({ parts }: ScreenProps) {
  const { mine } = useOutbox()
  const { path } = usePlace()
  useKeys({ key: 'n', alt: true }, startNew)
  const entry = mine.find((one) => one.id === parts['entry'] && one.method === 'intake.application.register')
  if (!entry || entry.state === 'discarded')
    return (
      <Notice tone="warn">
        Pendaftaran ini tidak ada lagi di perangkat ini. <a href={`${BASE}/menunggu`}>Lihat yang menunggu dikirim</a>
      </Notice>
    )
  // Once it is sent its number is there, and what was in it is not kept here any more.
  return path.endsWith('/struk') && entry.state !== 'done' ? <ProvisionalSlip entry={entry} /> : <State entry={entry} />
}

function State({ entry }: { entry: Entry }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [entry.state === 'done', entry.state === 'conflict'])
  const { applicant } = entry.body as Partial<RegisterBody>
  const reply = entry.state === 'done' ? (entry.reply as Registered) : undefined
  return (
    <>
      <p>
        <a href={`${BASE}/loket`}>Kembali ke loket</a>
      </p>
      <section class={`card result ${reply ? 'registered' : 'incomplete'}`} aria-labelledby="sementara">
        <h1 id="sementara" tabIndex={-1} ref={heading}>
          {reply ? 'Pendaftaran sudah terkirim' : entry.state === 'conflict' ? 'Ditolak server' : 'Disimpan di perangkat ini'}
        </h1>
        <p role="status">
          {reply
            ? `Nomor permohonan: ${reply.number ?? 'belum ada, berkas belum lengkap'}.`
            : entry.state === 'conflict'
              ? entry.problem?.detail
              : 'Server belum dapat dihubungi. Pendaftaran ini dikirim satu kali begitu sambungan kembali; nomor dan janji diberikan setelah itu.'}
        </p>
        <dl class="tokens">
          <div>
            <dt>Nomor sementara</dt>
            <dd>{temporaryNumber(entry.key)}</dd>
          </div>
          <div>
            <dt>{applicant ? 'Pemohon' : 'Pendaftaran'}</dt>
            <dd>{applicant?.name ?? entry.title}</dd>
          </div>
        </dl>
        <div class="actions">
          {reply && (
            <a class="button" href={`${BASE}/loket/permohonan/${reply.application}?baru=1`}>
              Buka permohonan
            </a>
          )}
          {entry.state === 'conflict' && (
            <a class="button" href={`${BASE}/loket?koreksi=${entry.id}`}>
              Buka dan perbaiki
            </a>
          )}
          {!reply && (
            <Button tone={entry.state === 'conflict' ? 'quiet' : 'main'} onClick={() => go(`/loket/sementara/${entry.id}/struk`)}>
              Cetak tanda terima sementara
            </Button>
          )}
          <Button tone="quiet" onClick={startNew}>
            Pendaftaran berikutnya <kbd>Alt+N</kbd>
          </Button>
        </div>
      </section>
    </>
  )
}

function ProvisionalSlip({ entry }: { entry: Entry }) {
  const names = useNames()
  const body = entry.body as RegisterBody
  const office = names.allKecamatan.find((one) => one.code === body.kecamatan)
  const service = names.allServices.find((one) => one.code === body.service)
  const brought = new Set(body.requirements.map((one) => one.code))
  const papers = service?.published.requirements.filter((one) => brought.has(one.code)) ?? []
  return (
    <Slip back={`${BASE}/loket/sementara/${entry.id}`} about={[office, service]}>
      <header>
        <p>
          Pemerintah Kabupaten {office?.kabupaten.name}
          <strong>Kecamatan {office?.name ?? body.kecamatan}</strong>
          {office?.address}
        </p>
        <h1>Tanda Terima Sementara</h1>
      </header>
      <SlipFact label="Nomor sementara">{temporaryNumber(entry.key)}</SlipFact>
      <SlipFact label="Layanan">{service?.name ?? body.service}</SlipFact>
      <SlipFact label="Pemohon">{body.applicant.name}</SlipFact>
      <SlipFact label="Diterima">{moment(entry.created)}</SlipFact>
      <SlipFact label="Biaya">{service?.published.cost}</SlipFact>
      {papers.length > 0 && (
        <>
          <h2>Berkas yang diserahkan</h2>
          <ul>
            {papers.map((one) => (
              <li key={one.code}>{one.name}</li>
            ))}
          </ul>
        </>
      )}
      <p class="slip-promise">Nomor permohonan dan tanggal janji menyusul</p>
      <footer>
        <p>
          Sambungan ke kabupaten sedang terputus. Permohonan dikirim begitu sambungan pulih; tanyakan nomornya di loket dengan tanda terima
          ini.
        </p>
        <p>Petugas loket: {entry.accountName}</p>
        <p>Pengaduan: {office?.complaint_channel}</p>
      </footer>
    </Slip>
  )
}
