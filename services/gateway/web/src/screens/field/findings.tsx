// The findings of a visit, filled in where it happens: kept on the device while they are typed, sent once when there is a
// line (src/offline/outbox.ts).
import { useState } from 'preact/hooks'
import type { Body } from '../../api'
import { asProblem, useAct, useLoad } from '../../hooks'
import { outbox, type Entry } from '../../offline/outbox'
import { go } from '../../router'
import { faultAt, faultOf, Faults } from '../../ui/faults'
import { leaveWord } from '../../ui/inbox'
import { AreaField, Button, Notice, Shown, TextField, Trouble } from '../../ui/parts'
import { faultsOf, valueOf, type Fault } from '../../ui/schema'
import { oneLine, unprintableWords } from '../../printable'
import { SchemaFields } from '../../ui/schema_form'
import { clockField, momentOf, schemaOf, useDraft, type Draft, type Kept } from './draft'
import { PhotosField } from './photos'
import { PositionField, positionOf } from './position'
import { ResultField } from './result'
import type { Visit } from './store'

type Findings = Body<'inspection.visit.record'>

interface FindingsProps {
  visit: Visit
  /** The refused report in the outbox that is being corrected. */
  correcting: string | undefined
  onDone: () => void
}

export function Findings({ visit, correcting, onDone }: FindingsProps) {
  const entry = useLoad(async () => {
    const found = correcting ? await outbox.get(correcting) : undefined
    return { found: found?.state === 'conflict' ? found : undefined } // sent or discarded: nothing is in it any more
  }, [correcting])
  return <Shown loaded={entry}>{({ found }) => <Drafted visit={visit} entry={found} onDone={onDone} />}</Shown>
}

function Drafted({ visit, entry, onDone }: { visit: Visit; entry: Entry | undefined; onDone: () => void }) {
  const draft = useDraft(visit, entry)
  return draft ? <Form visit={visit} entry={entry} kept={draft} onDone={onDone} /> : null
}

function textFault(at: string, label: string, text: string, most: number): Fault[] {
  const bare = oneLine(text)
  if (bare.length < 3) return [{ at, words: `${label} wajib diisi, paling sedikit tiga huruf.` }]
  if (bare.length > most) return [{ at, words: `${label} paling banyak ${most} karakter.` }]
  const words = unprintableWords(bare)
  return words ? [{ at, words: `${label} ${words}.` }] : []
}

function allFaults(visit: Visit, draft: Draft, photoCount: number): Fault[] {
  const faults = faultsOf(schemaOf(visit), draft.typed, '/findings')
  if (photoCount === 0) faults.push({ at: '/photos', words: 'Foto lokasi wajib ada, paling sedikit satu.' })
  const position = positionOf(draft.position)
  if ('words' in position) faults.push(position)
  if (!draft.visitedAt) faults.push({ at: '/visited_at', words: 'Waktu kunjungan wajib diisi.' })
  else if (draft.visitedAt > clockField(new Date())) faults.push({ at: '/visited_at', words: 'Waktu kunjungan belum terjadi.' })
  if (draft.result === '') faults.push({ at: '/result', words: 'Kesimpulan wajib dipilih.' })
  if (draft.result === 'rejected') {
    faults.push(...textFault('/reason', 'Alasan', draft.reason, 1000), ...textFault('/legal_basis', 'Dasar hukum', draft.legalBasis, 300))
  }
  return faults
}

function bodyOf(visit: Visit, draft: Draft, photoCount: number): Findings {
  const position = positionOf(draft.position)
  return {
    findings: (valueOf(schemaOf(visit), draft.typed) ?? {}) as Findings['findings'],
    photos: Array<string>(photoCount).fill(''), // their ids come with their uploads
    position: 'words' in position ? { latitude: 0, longitude: 0, accuracy_m: 0 } : position,
    visited_at: momentOf(draft.visitedAt),
    result: draft.result === 'rejected' ? 'rejected' : 'ok',
    ...(draft.result === 'rejected' ? { reason: oneLine(draft.reason), legal_basis: oneLine(draft.legalBasis) } : {}),
  }
}

async function send(visit: Visit, { draft, photos, keep, forget }: Kept, replaces: string | undefined): Promise<boolean> {
  await keep() // if the server refuses, the screen may be all that has it
  const sent = await outbox.offer({
    kind: 'Temuan lapangan',
    title: visit.number,
    method: 'inspection.visit.record',
    params: { application: visit.application },
    body: bodyOf(visit, draft, photos.length),
    files: photos.map(({ name, blob }, at) => ({
      name,
      title: `Foto ${at + 1}`,
      blob,
      purpose: 'photo',
      kecamatan: visit.kecamatan,
      at: `/photos/${at}`,
    })),
    correctAt: `/lapangan/${visit.application}?koreksi={entry}`,
    doneAt: `/lapangan/${visit.application}`,
    ...(replaces ? { replaces } : {}),
  })
  await forget()
  return sent.state === 'done'
}

interface FormProps {
  visit: Visit
  entry: Entry | undefined
  kept: Kept
  onDone: () => void
}

function Form({ visit, entry, kept, onDone }: FormProps) {
  const { draft, photos, arePhotosKept, change, setPhotos, problem } = kept
  const [own, setOwn] = useState<Fault[]>([])
  const [turn, setTurn] = useState(0)
  const act = useAct()
  const refused = faultOf(act.problem)
  const faults = refused ? [refused] : own

  const submit = (event: Event) => {
    event.preventDefault()
    const wrong = allFaults(visit, draft, photos.length)
    setOwn(wrong)
    setTurn(turn + 1)
    if (wrong.length) return act.forget()
    act.run(async () => {
      const isSent = await send(visit, kept, entry?.id)
      if (!isSent) return onDone()
      leaveWord(`Temuan ${visit.number} sudah tercatat.`)
      go('/lapangan')
    })
  }
  return (
    <form class="card" onSubmit={submit} noValidate>
      <h2>Temuan</h2>
      {entry?.problem && <Notice tone="warn">Ditolak server: {entry.problem.detail}</Notice>}
      <p class="hint" role="status">
        {problem ? asProblem(problem).detail : 'Setiap isian langsung tersimpan di perangkat ini, juga tanpa sinyal.'}
      </p>
      {!refused && <Trouble problem={act.problem} />}
      <Faults faults={faults} turn={turn} />
      <SchemaFields schema={schemaOf(visit)} typed={draft.typed} onTyped={(typed) => change({ typed })} faults={faults} at="/findings" />
      <PhotosField
        photos={photos}
        areKept={arePhotosKept}
        onPhotos={setPhotos}
        error={faults.find(({ at }) => at.startsWith('/photos'))?.words}
      />
      <PositionField typed={draft.position} onTyped={(position) => change({ position })} faults={faults} />
      <TextField
        label="Waktu kunjungan"
        type="datetime-local"
        at="/visited_at"
        value={draft.visitedAt}
        onValue={(visitedAt) => change({ visitedAt })}
        error={faultAt(faults, '/visited_at')}
        required
      />
      <ResultField value={draft.result} onValue={(result) => change({ result })} error={faultAt(faults, '/result')} />
      {draft.result === 'rejected' && (
        <>
          <AreaField
            label="Alasan"
            hint="Tercantum dalam surat kepada pemohon: jangan menyebut nama orang."
            at="/reason"
            value={draft.reason}
            onValue={(reason) => change({ reason })}
            error={faultAt(faults, '/reason')}
            maxLength={1000}
          />
          <TextField
            label="Dasar hukum"
            at="/legal_basis"
            value={draft.legalBasis}
            onValue={(legalBasis) => change({ legalBasis })}
            error={faultAt(faults, '/legal_basis')}
            maxLength={300}
          />
        </>
      )}
      <div class="actions">
        <Button type="submit" isBusy={act.isBusy}>
          Kirim temuan
        </Button>
      </div>
    </form>
  )
}
