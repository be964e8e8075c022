// The loket: find an application or register a new one, in one screen.
import { useState } from 'preact/hooks'
import { ask, newKey, type Reply } from '../../api'
import { useLoad } from '../../hooks'
import { BASE, go, mayLeave, setQuery, usePlace } from '../../router'
import { session } from '../../session'
import { Button, fieldId, Notice, SelectField, Shown, TextField } from '../../ui/parts'
import type { Draft } from './draft'
import { drafts } from './drafts'
import { Finder } from './finder'
import { useKeys } from './keys'
import { Correct, durationWords, Register } from './register'
import './loket.css'

const NEW_FIELD = '/daftar'

/** To the choice of a service, from wherever in the loket. */
export function startNew(): void {
  if (!mayLeave()) return
  go('/loket?daftar=1')
  requestAnimationFrame(() => document.getElementById(fieldId(NEW_FIELD))?.focus())
}

/** The kecamatan at whose loket the officer sits: the one in the address, else the first of theirs. */
export function useKecamatan(): string {
  const { query } = usePlace()
  const places = session.places('loket')
  const asked = query.get('kecamatan') ?? ''
  return places.includes(asked) ? asked : (places[0] ?? '')
}

export default function Desk() {
  const { query } = usePlace()
  const kecamatan = useKecamatan()
  useKeys({ key: 'n', alt: true }, startNew)
  const service = query.get('layanan')
  const draft = query.get('draf')
  const correction = query.get('koreksi')
  if (correction) return <Correct key={correction} entry={correction} />
  if (service && draft) return <Register key={draft} service={service} kecamatan={kecamatan} draft={draft} />
  return (
    <>
      <div class="desk-top">
        <h1>Loket</h1>
        <Button onClick={startNew}>Daftar baru</Button>
      </div>
      <Places kecamatan={kecamatan} />
      <div class="desk">
        <Finder kecamatan={kecamatan} hasFocus={!query.has('daftar')} />
        <NewOne kecamatan={kecamatan} hasFocus={query.has('daftar')} />
      </div>
    </>
  )
}

function Places({ kecamatan }: { kecamatan: string }) {
  const places = session.places('loket')
  const names = useLoad(() => ask('intake.kecamatan.list'), [])
  if (places.length < 2) return null
  const nameOf = (code: string) => names.value?.kecamatan.find((one) => one.code === code)?.name ?? code
  return (
    <SelectField
      label="Kecamatan"
      value={kecamatan}
      onValue={(code) => setQuery('kecamatan', code)}
      choices={places.map((code) => [code, nameOf(code)] as const)}
    />
  )
}

type Service = Reply<'intake.service.list'>['services'][number]

const begin = (service: string, kecamatan: string): string =>
  `/loket?${new URLSearchParams({ layanan: service, kecamatan, draf: newKey() })}`

function NewOne({ kecamatan, hasFocus }: { kecamatan: string; hasFocus: boolean }) {
  const [typed, setTyped] = useState('')
  const loaded = useLoad(() => ask('intake.service.list', { kecamatan }), [kecamatan])
  const wanted = typed.trim().toLowerCase()
  const fits = (service: Service) => `${service.name} ${service.code}`.toLowerCase().includes(wanted)
  const first = loaded.value?.services.find(fits)
  return (
    <section class="card" aria-labelledby="daftar-baru">
      <h2 id="daftar-baru">
        Daftar baru <kbd>Alt+N</kbd>
      </h2>
      <Unsent />
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (first) go(begin(first.code, kecamatan))
        }}
      >
        <TextField
          label="Layanan"
          hint="Ketik sebagian namanya; Enter memilih yang teratas."
          value={typed}
          onValue={setTyped}
          at={NEW_FIELD}
          type="search"
          autocomplete="off"
          autofocus={hasFocus}
        />
      </form>
      <Shown loaded={loaded}>
        {({ services }) =>
          first ? (
            <ul class="services">
              {services.filter(fits).map((service) => (
                <li key={service.code}>
                  <a
                    href={`${BASE}/loket?layanan=${encodeURIComponent(service.code)}`}
                    onClick={(event) => {
                      if (event.ctrlKey || event.metaKey || event.shiftKey) return
                      event.preventDefault()
                      go(begin(service.code, kecamatan))
                    }}
                  >
                    {service.name}
                  </a>
                  <span class="soft">
                    {durationWords(service.published.duration)} · {service.published.cost}
                  </span>
                </li>
              ))}
            </ul>
          ) : (
            <p class="soft">{wanted ? 'Tidak ada layanan dengan nama itu.' : 'Belum ada layanan yang dapat diajukan di kecamatan ini.'}</p>
          )
        }
      </Shown>
    </section>
  )
}

/** Registrations that were begun on this device and not sent. */
function Unsent() {
  const { value: open = [], again } = useLoad(drafts.all, [])
  if (open.length === 0) return null
  const address = (draft: Draft) =>
    `${BASE}/loket?${new URLSearchParams({ layanan: draft.service, kecamatan: draft.kecamatan, draf: draft.id })}`
  return (
    <Notice tone="warn">
      <p>Belum dikirim:</p>
      <ul class="plain">
        {open.map((draft) => (
          <li key={draft.id} class="row">
            <a href={address(draft)}>
              {draft.serviceName}
              {draft.person.name && `, ${draft.person.name}`}
            </a>
            <Button
              tone="quiet"
              onClick={() => {
                if (!confirm('Buang isian ini?')) return
                void drafts.drop(draft.id).then(again)
              }}
            >
              Buang
              <span class="hidden-visually">
                {' '}
                isian {draft.serviceName} {draft.person.name}
              </span>
            </Button>
          </li>
        ))}
      </ul>
    </Notice>
  )
}
