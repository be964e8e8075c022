// The slip of one application: number, code and promise, or what is missing.
import { ask, publicAddress } from '../../api'
import { moment } from '../../format'
import { useLoad } from '../../hooks'
import { BASE } from '../../router'
import type { ScreenProps } from '../../screens'
import { session } from '../../session'
import { Shown } from '../../ui/parts'
import { promiseWords } from '../../words'
import { Slip, SlipFact } from './slip'
import type { Case } from './case'
import './loket.css'

export default function CaseSlip({ parts }: ScreenProps) {
  const application = parts['application'] ?? ''
  const loaded = useLoad(async () => {
    const one = await ask('intake.application.get', { application })
    const [places, service] = await Promise.all([
      ask('intake.kecamatan.list'),
      ask('intake.service.get', { service: one.service, kecamatan: one.kecamatan }).catch(() => undefined),
    ])
    const office = places.kecamatan.find((place) => place.code === one.kecamatan)
    const publicUrl = await publicAddress()
    // A newer version may cost something else than the one that this application began with.
    return { one, office, publicUrl, cost: service?.version === one.service_version ? service.published.cost : undefined }
  }, [application])
  return (
    <Shown loaded={loaded}>
      {({ one, office, publicUrl, cost }) => (
        <Slip back={`${BASE}/loket/permohonan/${application}`} about={[one]}>
          <header>
            <p>
              Pemerintah Kabupaten {office?.kabupaten.name}
              <strong>Kecamatan {office?.name ?? one.kecamatan}</strong>
              {office?.address}
            </p>
            <h1>{one.number ? 'Tanda Terima Berkas' : 'Daftar Kekurangan'}</h1>
          </header>
          <Told one={one} cost={cost} />
          <Missing one={one} />
          <footer>
            <p>
              Dicetak oleh {session.current()?.name}
              <br />
              {moment(new Date().toISOString())}
            </p>
            {one.number && (
              <p>
                Lacak: {publicUrl}/lacak
                <br />
                Bawa struk ini dan KTP saat mengambil dokumen.
              </p>
            )}
            <p>Pengaduan: {office?.complaint_channel}</p>
          </footer>
        </Slip>
      )}
    </Shown>
  )
}

function Told({ one, cost }: { one: Case; cost: string | undefined }) {
  return (
    <>
      <SlipFact label="Nomor permohonan">{one.number}</SlipFact>
      <SlipFact label="Kode singkat">{one.short_code}</SlipFact>
      <SlipFact label="Layanan">{one.service_name}</SlipFact>
      <SlipFact label="Pemohon">{one.applicant?.name}</SlipFact>
      <SlipFact label="Diterima">{moment(one.registered_at ?? one.created_at)}</SlipFact>
      {one.status === 'registered' && promiseWords(one) && <p class="slip-promise">{promiseWords(one)}</p>}
      <SlipFact label="Biaya">{cost}</SlipFact>
    </>
  )
}

function Missing({ one }: { one: Case }) {
  const here = one.requirements.filter((requirement) => !requirement.missing && (requirement.file || requirement.original_seen))
  return (
    <>
      {one.missing.length > 0 && (
        <>
          <h2>Yang masih kurang</h2>
          <ul>
            {one.missing.map((item) => (
              <li key={item.code}>
                {item.name}
                {item.note && ` (${item.note})`}
              </li>
            ))}
          </ul>
        </>
      )}
      {here.length > 0 && (
        <>
          <h2>Persyaratan diterima</h2>
          <ul>
            {here.map((item) => (
              <li key={item.code}>{item.name}</li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}
