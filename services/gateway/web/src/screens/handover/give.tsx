// Who takes the document: the applicant, or somebody with a written authority; compared with the identity card, signed.
import { useRef, useState } from 'preact/hooks'
import { command, upload, type Body } from '../../api'
import { useAct, useCommandKeys } from '../../hooks'
import { fileName, oneLine, unprintableWords } from '../../printable'
import { go } from '../../router'
import type { Case } from '../../ui/case_facts'
import { faultAt, faultOf, Faults } from '../../ui/faults'
import { inboxAddress, leaveWord } from '../../ui/inbox'
import { Button, Field, Stale, TextField, TickField } from '../../ui/parts'
import type { Fault } from '../../ui/schema'
import { SignaturePad } from '../../ui/signature'

type To = 'applicant' | 'collector'

interface Given {
  to: To
  name: string
  nik: string
  authority: File | undefined
  isCompared: boolean
  signature: Blob | undefined
  isOnPaper: boolean
  note: string
}

const nothing: Given = {
  to: 'applicant',
  name: '',
  nik: '',
  authority: undefined,
  isCompared: false,
  signature: undefined,
  isOnPaper: false,
  note: '',
}

function faultsOf(given: Given): Fault[] {
  const faults: Fault[] = []
  if (given.to === 'collector') {
    const unprintable = unprintableWords(oneLine(given.name))
    if (!oneLine(given.name)) faults.push({ at: '/collector/name', words: 'Isi nama orang yang mengambil.' })
    else if (unprintable) faults.push({ at: '/collector/name', words: `Nama ${unprintable}.` })
    if (!/^\d{16}$/.test(given.nik)) faults.push({ at: '/collector/nik', words: 'NIK terdiri atas 16 angka.' })
    if (!given.authority) faults.push({ at: '/collector/authority_file', words: 'Lampirkan surat kuasa (foto atau PDF).' })
  }
  if (!given.isCompared) faults.push({ at: '/nik_confirmed', words: 'Cocokkan dahulu KTP-el orang yang mengambil.' })
  if (!given.signature && !given.isOnPaper)
    faults.push({ at: '/signature_file', words: 'Minta tanda tangan pengambil, di layar atau di kertas.' })
  const note = unprintableWords(oneLine(given.note))
  if (note) faults.push({ at: '/note', words: `Catatan ${note}.` })
  return faults
}

/** Uploads what is not there yet, then hands over; tried again, nothing is sent twice. */
function useGiving(file: Case) {
  const files = useRef(new WeakMap<Blob, string>())
  const keyOf = useCommandKeys()
  const kept = async (blob: Blob, purpose: 'authority' | 'signature', name: string): Promise<string> => {
    const known = files.current.get(blob) ?? (await upload(blob, { purpose, kecamatan: file.kecamatan, name })).file
    files.current.set(blob, known)
    return known
  }
  return async (given: Given): Promise<void> => {
    const { to, authority, signature, isOnPaper } = given
    const note = oneLine(given.note)
    const body: Body<'intake.application.handover'> = {
      to,
      nik_confirmed: true,
      ...(to === 'collector' && authority
        ? {
            collector: {
              name: oneLine(given.name),
              nik: given.nik,
              authority_file: await kept(authority, 'authority', fileName(authority.name) || 'surat-kuasa'),
            },
          }
        : {}),
      ...(signature && !isOnPaper ? { signature_file: await kept(signature, 'signature', 'tanda-tangan.png') } : {}),
      ...(note ? { note } : {}),
    }
    const { application } = file
    await command('intake.application.handover', { params: { application }, body, key: keyOf({ application, body }) })
  }
}

export function GiveForm({ file, onStale }: { file: Case; onStale: () => void }) {
  const [given, setGiven] = useState(nothing)
  const [turn, setTurn] = useState(0)
  const act = useAct()
  const give = useGiving(file)
  const refused = faultOf(act.problem)
  const faults = turn > 0 ? [...faultsOf(given), ...(refused ? [refused] : [])] : []
  const change = (part: Partial<Given>) => setGiven((before) => ({ ...before, ...part }))
  const send = () => {
    setTurn((before) => before + 1)
    if (faultsOf(given).length > 0) return
    act.run(async () => {
      await give(given)
      leaveWord(`${file.number ?? ''}: dokumen diserahkan.`)
      go(inboxAddress('/penyerahan'))
    })
  }
  return (
    <form
      class="card"
      noValidate
      aria-label="Serahkan dokumen"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <h2>Serahkan dokumen</h2>
      <Faults faults={faults} turn={turn} />
      {!refused && <Stale problem={act.problem} again={onStale} />}
      <Taker given={given} change={change} faults={faults} applicant={file.applicant?.name ?? 'pemohon'} />
      <Signed given={given} change={change} faults={faults} />
      <TextField
        label="Catatan"
        value={given.note}
        onValue={(note) => change({ note })}
        error={faultAt(faults, '/note')}
        maxLength={300}
        isOptional
      />
      <Button type="submit" isBusy={act.isBusy}>
        Serahkan dan selesai
      </Button>
    </form>
  )
}

interface PartProps {
  given: Given
  change: (part: Partial<Given>) => void
  faults: readonly Fault[]
}

function Taker({ given, change, faults, applicant }: PartProps & { applicant: string }) {
  return (
    <>
      <fieldset>
        <legend>Siapa yang mengambil</legend>
        <label class="option">
          <input
            type="radio"
            name="pengambil"
            checked={given.to === 'applicant'}
            onChange={() => change({ to: 'applicant', isCompared: false })}
          />
          Pemohon sendiri: <bdi>{applicant}</bdi>
        </label>
        <label class="option">
          <input
            type="radio"
            name="pengambil"
            checked={given.to === 'collector'}
            onChange={() => change({ to: 'collector', isCompared: false })}
          />
          Orang lain dengan surat kuasa
        </label>
      </fieldset>
      {given.to === 'collector' && (
        <>
          <TextField
            at="/collector/name"
            label="Nama"
            value={given.name}
            onValue={(name) => change({ name })}
            error={faultAt(faults, '/collector/name')}
            autocomplete="off"
            maxLength={120}
          />
          <TextField
            at="/collector/nik"
            label="NIK"
            hint="16 angka, dari KTP-el orang yang mengambil."
            value={given.nik}
            onValue={(nik) => change({ nik: nik.replace(/\s/g, '') })}
            error={faultAt(faults, '/collector/nik')}
            inputMode="numeric"
            autocomplete="off"
            maxLength={16}
          />
          <Field
            at="/collector/authority_file"
            label="Surat kuasa"
            hint="Foto atau PDF, paling besar 5 MB."
            error={faultAt(faults, '/collector/authority_file')}
          >
            {(control) => (
              <input
                {...control}
                type="file"
                accept="image/jpeg,image/png,application/pdf"
                onChange={(event) => change({ authority: event.currentTarget.files?.[0] })}
              />
            )}
          </Field>
        </>
      )}
      <TickField
        at="/nik_confirmed"
        label={`KTP-el ${given.to === 'applicant' ? 'pemohon' : 'orang yang mengambil'} sudah saya cocokkan dengan orangnya`}
        isTicked={given.isCompared}
        onTick={(isCompared) => change({ isCompared })}
        error={faultAt(faults, '/nik_confirmed')}
      />
    </>
  )
}

function Signed({ given, change, faults }: PartProps) {
  return (
    <>
      {!given.isOnPaper && (
        <SignaturePad
          label="Tanda tangan pengambil"
          isSigned={given.signature !== undefined}
          onSigned={(signature) => change({ signature })}
        />
      )}
      <TickField
        at="/signature_file"
        label="Pengambil menandatangani buku penyerahan, bukan di layar"
        isTicked={given.isOnPaper}
        onTick={(isOnPaper) => change({ isOnPaper, signature: undefined })}
        error={faultAt(faults, '/signature_file')}
      />
    </>
  )
}
