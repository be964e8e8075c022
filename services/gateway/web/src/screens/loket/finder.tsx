// Finding an application: by its number (or only the running part of it), the code on the receipt, or the beginning of a
// name; by status.
import { useEffect, useState } from 'preact/hooks'
import { ask, type Params, type Reply } from '../../api'
import { today } from '../../format'
import { useLoad } from '../../hooks'
import { useLive } from '../../live'
import { BASE, go, setQuery, usePlace } from '../../router'
import { Badge, Button, Due, Notice, SelectField, Shown, TextField } from '../../ui/parts'
import { statusWords, stepWords } from '../../words'

type Found = Reply<'intake.application.list'>['applications'][number]
type Status = NonNullable<Params<'intake.application.list'>['status']>

const PAUSE_MS = 250
const FIRST = 20
const MOST = 100

/** "123" means this year's number 000123 of the kecamatan; anything else is looked for as it is. */
function asked(typed: string, kecamatan: string): string {
  const text = typed.trim()
  return /^\d{1,6}$/.test(text) ? `${kecamatan}-${today().slice(0, 4)}-${text.padStart(6, '0')}` : text.slice(0, 60)
}

const addressOf = (one: Found): string => `/loket/permohonan/${one.application}`

export function Finder({ kecamatan, hasFocus }: { kecamatan: string; hasFocus: boolean }) {
  const { query } = usePlace()
  const named = query.get('cari') ?? ''
  const status = query.get('keadaan') ?? ''
  const [typed, setTyped] = useState(named)
  // A NIK is looked for at once and never stands in the address: the browser's history outlives the session.
  const sought = /^\d{16}$/.test(typed.trim()) ? typed.trim() : named
  const [limit, setLimit] = useState(FIRST)
  useEffect(() => {
    if (typed.trim() === sought) return
    const timer = setTimeout(() => setQuery('cari', typed.trim()), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [typed, sought])
  const loaded = useLoad(
    () =>
      ask('intake.application.list', {
        kecamatan,
        limit: String(limit),
        ...(sought ? { q: asked(sought, kecamatan) } : {}),
        ...(status in statusWords ? { status: status as Status } : {}),
      }),
    [kecamatan, sought, status, limit],
  )
  useLive(loaded.again)
  return (
    <section class="card" aria-labelledby="cari">
      <h2 id="cari">Cari permohonan</h2>
      <form
        class="search"
        role="search"
        onSubmit={(event) => {
          event.preventDefault()
          const [only, other] = loaded.value?.applications ?? []
          if (typed.trim() !== sought) setQuery('cari', typed.trim())
          else if (only && !other) go(addressOf(only))
        }}
      >
        <TextField
          label="Nomor, kode, NIK, atau nama pemohon"
          hint="Awal nama; NIK lengkap; nomor atau cukup nomor urutnya (123); kode pada tanda terima."
          type="search"
          value={typed}
          onValue={setTyped}
          autocomplete="off"
          maxLength={60}
          autofocus={hasFocus}
        />
        <SelectField
          label="Keadaan"
          value={status}
          onValue={(value) => setQuery('keadaan', value)}
          choices={[['', 'Semua'], ...Object.entries(statusWords)]}
        />
      </form>
      {/* Without a line registering goes on: the failed search says so without taking the focus. */}
      {loaded.problem?.status === 0 && (
        <Notice tone="warn">
          <p>Pencarian memerlukan sambungan ke server. Pendaftaran baru tetap dapat dilakukan.</p>
          <Button tone="quiet" onClick={loaded.again}>
            Coba lagi
          </Button>
        </Notice>
      )}
      <Shown loaded={loaded.problem?.status === 0 ? { isLoading: loaded.isLoading, again: loaded.again } : loaded}>
        {({ applications, next }) => (
          <>
            {applications.length === 0 ? (
              <p class="soft" role="status">
                {sought || status ? 'Tidak ada permohonan yang cocok.' : 'Belum ada permohonan di kecamatan ini.'}
              </p>
            ) : (
              <Results applications={applications} />
            )}
            {next &&
              (limit < MOST ? (
                <Button tone="quiet" onClick={() => setLimit(MOST)}>
                  Tampilkan lebih banyak
                </Button>
              ) : (
                <p class="soft">Masih ada yang lain; persempit pencarian.</p>
              ))}
          </>
        )}
      </Shown>
    </section>
  )
}

function Results({ applications }: { applications: Found[] }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Hasil pencarian">
      <table class="stacks">
        <thead>
          <tr>
            <th>Pemohon</th>
            <th>Layanan</th>
            <th>Keadaan</th>
            <th>Janji</th>
          </tr>
        </thead>
        <tbody>
          {applications.map((one) => (
            <tr key={one.application}>
              <td data-label="Pemohon">
                <a href={BASE + addressOf(one)}>{one.name}</a>
                <br />
                <span class="soft">
                  {one.number ?? 'belum bernomor'}
                  <br />
                  NIK {one.nik_masked}
                </span>
              </td>
              <td data-label="Layanan">{one.service_name}</td>
              <td data-label="Keadaan">
                <State one={one} />
              </td>
              <td data-label="Janji">
                <Promised one={one} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

export function State({ one }: { one: Pick<Found, 'status' | 'step'> }) {
  const needsCitizen = one.status === 'incomplete' || one.step === 'completion'
  return (
    <Badge tone={needsCitizen ? 'warn' : one.status === 'rejected' ? 'bad' : one.status === 'done' ? 'good' : 'plain'}>
      {one.status === 'registered' && one.step ? (stepWords[one.step] ?? one.step) : (statusWords[one.status] ?? one.status)}
    </Badge>
  )
}

function Promised({ one }: { one: Found }) {
  if (one.status !== 'registered') return <span class="soft">–</span>
  if (one.wait) return <>Ditunggu</>
  return one.promised_on ? <Due on={one.promised_on} /> : <span class="soft">–</span>
}
