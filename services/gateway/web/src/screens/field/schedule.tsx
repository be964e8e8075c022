// The day of a visit: writes the letter of assignment, so it needs the line.  A new day replaces the letter in force.
import { useState } from 'preact/hooks'
import { command } from '../../api'
import { today } from '../../format'
import { useAct, useCommandKeys } from '../../hooks'
import { kept } from '../../offline/db'
import { session } from '../../session'
import { faultAt, faultOf, Faults } from '../../ui/faults'
import { Button, TextField, Trouble } from '../../ui/parts'
import { oneLine } from '../../printable'
import type { Fault } from '../../ui/schema'
import type { Visit } from './store'

interface Officer {
  name: string
  nip: string
}

const MOST_OFFICERS = 10

function faultsOf(day: string, officers: Officer[]): Fault[] {
  const faults: Fault[] = []
  if (!day) faults.push({ at: '/date', words: 'Hari kunjungan wajib diisi.' })
  else if (day < today()) faults.push({ at: '/date', words: 'Hari kunjungan tidak boleh sudah lewat.' })
  officers.forEach(({ name, nip }, at) => {
    if (!name.trim()) faults.push({ at: `/officers/${at}/name`, words: `Nama petugas ${at + 1} wajib diisi.` })
    if (nip && !/^\d{18}$/.test(nip)) faults.push({ at: `/officers/${at}/nip`, words: `NIP petugas ${at + 1} harus 18 angka.` })
  })
  return faults
}

export function Schedule({ visit, onDone }: { visit: Visit; onDone: () => void }) {
  const [day, setDay] = useState(visit.date ?? today())
  const [time, setTime] = useState(visit.time ?? '')
  const [note, setNote] = useState(visit.note ?? '')
  const [officers, setOfficers] = useState<Officer[]>(
    visit.officers?.map(({ name, nip }) => ({ name, nip: nip ?? '' })) ?? [{ name: session.current()?.name ?? '', nip: '' }],
  )
  const [own, setOwn] = useState<Fault[]>([])
  const [turn, setTurn] = useState(0)
  const keyOf = useCommandKeys()
  const act = useAct()
  const refused = faultOf(act.problem)
  const faults = refused ? [refused] : own
  const setOfficer = (at: number, next: Partial<Officer>) =>
    setOfficers(officers.map((one, where) => (where === at ? { ...one, ...next } : one)))

  const submit = (event: Event) => {
    event.preventDefault()
    const wrong = faultsOf(day, officers)
    setOwn(wrong)
    setTurn(turn + 1)
    if (wrong.length) return act.forget()
    const body = {
      date: day,
      officers: officers.map(({ name, nip }) => ({ name: oneLine(name), ...(nip ? { nip } : {}) })),
      ...(time ? { time } : {}),
      ...(oneLine(note) ? { note: oneLine(note) } : {}),
      ...(visit.letter_number ? { replaces: visit.letter_number } : {}),
    }
    act.run(async () => {
      const { application } = visit
      await command('inspection.visit.schedule', { params: { application }, body, key: keyOf({ application, body }) })
      await kept.remove(`kunjungan/${application}`).catch(() => undefined)
      onDone()
    })
  }
  return (
    <form class={visit.letter_number ? '' : 'card'} onSubmit={submit} noValidate>
      {!visit.letter_number && <h2>Jadwalkan kunjungan</h2>}
      <p class="hint">
        {visit.letter_number ? `Surat tugas baru menggantikan ${visit.letter_number}.` : 'Surat tugas terbit dengan nomornya.'} Petugas
        tidak menerima biaya apa pun di lapangan.
      </p>
      {!refused && <Trouble problem={act.problem} />}
      <Faults faults={faults} turn={turn} />
      <TextField label="Hari kunjungan" type="date" at="/date" value={day} onValue={setDay} error={faultAt(faults, '/date')} required />
      <TextField
        label="Jam"
        hint="Contoh: 09:00"
        at="/time"
        value={time}
        onValue={(value) => setTime(value.replace('.', ':'))}
        error={faultAt(faults, '/time')}
        maxLength={5}
        isOptional
      />
      {officers.map((one, at) => (
        <fieldset key={at}>
          <legend class="hidden-visually">Petugas {at + 1}</legend>
          <TextField
            label={`Nama petugas ${at + 1}`}
            at={`/officers/${at}/name`}
            value={one.name}
            onValue={(name) => setOfficer(at, { name })}
            error={faultAt(faults, `/officers/${at}/name`)}
            maxLength={100}
            required
          />
          <TextField
            label={`NIP petugas ${at + 1}`}
            hint="18 angka"
            at={`/officers/${at}/nip`}
            inputMode="numeric"
            value={one.nip}
            onValue={(nip) => setOfficer(at, { nip: nip.replace(/\s/g, '') })}
            error={faultAt(faults, `/officers/${at}/nip`)}
            maxLength={24}
            isOptional
          />
          {officers.length > 1 && (
            <Button tone="quiet" onClick={() => setOfficers(officers.filter((_, where) => where !== at))}>
              Hapus petugas {at + 1}
            </Button>
          )}
        </fieldset>
      ))}
      {officers.length < MOST_OFFICERS && (
        <div class="actions">
          <Button tone="quiet" onClick={() => setOfficers([...officers, { name: '', nip: '' }])}>
            Tambah petugas
          </Button>
        </div>
      )}
      <TextField
        label="Catatan untuk surat tugas"
        at="/note"
        value={note}
        onValue={setNote}
        error={faultAt(faults, '/note')}
        maxLength={500}
        isOptional
      />
      <div class="actions">
        <Button type="submit" isBusy={act.isBusy}>
          Terbitkan surat tugas
        </Button>
      </div>
    </form>
  )
}
