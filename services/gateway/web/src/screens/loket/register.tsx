// A registration: applicant, the service's own form, requirements; sent with one command.  What is wrong is said here in the
// server's words before it is sent, and at its field when the server refuses.
import { useEffect, useReducer, useRef, useState } from 'preact/hooks'
import { ask, Problem, type Reply } from '../../api'
import { asProblem, useAct, useLoad } from '../../hooks'
import { outbox } from '../../offline/outbox'
import { BASE, go, useLeaveQuestion } from '../../router'
import { faultAt, faultOf, Faults } from '../../ui/faults'
import { Button, Dialog, fieldId, Notice, Shown, Trouble } from '../../ui/parts'
import { emptyOf, faultsOf, type Fault, type Schema } from '../../ui/schema'
import { SchemaFields } from '../../ui/schema_form'
import { draftOf } from './correction'
import { bodyOf, isBrought, newDraft, noPaper, type Draft } from './draft'
import { drafts } from './drafts'
import { useKeys } from './keys'
import { Papers, type ChangePaper } from './papers'
import { ActingFields, peopleFaults, PersonFields } from './person'
import { remember } from './outcome'
import { provisionsOf, submitRegistration, type Provision, type RegisterBody } from './submit'

type Service = Reply<'intake.service.get'>

interface RegisterProps {
  service: string
  kecamatan: string
  draft: string
}

/** Whoever draws this keys it by the draft. */
export function Register({ service, kecamatan, draft: id }: RegisterProps) {
  // Without the kecamatan in the question the answer is the one that the service worker keeps for days without a line.
  const loaded = useLoad(async () => {
    const found = await drafts.find(id).catch(() => undefined)
    const sent = found && (await drafts.sentAs(found))
    if (sent) {
      await drafts.drop(id)
      go(`/loket/sementara/${sent}`, 'replace')
    }
    const value = await ask('intake.service.get', { service })
    return { service: value, draft: found ?? newDraft(id, value, kecamatan, emptyOf(value.form_schema as Schema)) }
  }, [])
  return (
    <>
      <BackToDesk />
      <Shown loaded={loaded}>{(value) => <Form {...value} />}</Shown>
    </>
  )
}

/** A registration that the server refused after it had waited on the device. */
export function Correct({ entry: id }: { entry: string }) {
  const loaded = useLoad(async () => {
    const entry = await outbox.get(id)
    if (entry?.state !== 'conflict') return undefined
    const service = await ask('intake.service.get', { service: (entry.body as RegisterBody).service })
    return { service, draft: await draftOf(entry, service), words: entry.problem?.detail }
  }, [id])
  return (
    <>
      <BackToDesk />
      <Shown loaded={loaded}>
        {(value) =>
          value ? (
            <>
              <Notice tone="warn">
                <p>Server menolak pendaftaran ini: {value.words}</p>
              </Notice>
              <Form key={id} {...value} replaces={id} />
            </>
          ) : (
            <Notice>Tidak ada yang perlu diperbaiki: pendaftaran ini sudah terkirim atau sudah dihapus.</Notice>
          )
        }
      </Shown>
    </>
  )
}

const BackToDesk = () => (
  <p>
    <a href={`${BASE}/loket`}>Kembali ke loket</a>
  </p>
)

interface Drafting {
  draft: Draft
  /** All that was typed is on the device. */
  isKept: boolean
  /** What could not be kept on the device, if so. */
  problem: unknown
  change: (update: (before: Draft) => Draft) => void
  onPaper: ChangePaper
  /** It has been sent or thrown away: nothing that is still on its way may bring it back. */
  drop: () => Promise<void>
}

function useDraft(begun: Draft): Drafting {
  const [, redraw] = useReducer((count: number) => count + 1, 0)
  const latest = useRef(begun)
  const written = useRef<Draft | undefined>(undefined)
  const problem = useRef<unknown>(undefined)
  const isGone = useRef(false)
  // One write after the other: the last one typed is the last one kept.
  const writing = useRef<Promise<void>>(Promise.resolve())
  const write = (work: () => Promise<void>) => (writing.current = writing.current.then(work))
  const save = async () => {
    const draft = latest.current
    if (draft === written.current) return
    problem.current = await drafts.save(draft, written.current).then(
      () => void (written.current = draft),
      (error: unknown) => error,
    )
    redraw(undefined)
  }
  // Opened again elsewhere: an upload that ends late must not write over what is typed there.
  useEffect(() => () => void (isGone.current = true), [])
  const change = (update: (before: Draft) => Draft) => {
    if (isGone.current) return
    latest.current = update(latest.current)
    void write(save)
    redraw(undefined)
  }
  return {
    draft: latest.current,
    isKept: latest.current === begun || latest.current === written.current,
    problem: problem.current,
    change,
    onPaper: (code, alter) =>
      change((before) => ({ ...before, papers: { ...before.papers, [code]: alter(before.papers[code] ?? noPaper) } })),
    drop() {
      isGone.current = true
      return write(() => drafts.drop(begun.id).catch(() => undefined))
    },
  }
}

/** The server's refusal at the field that it means: an entry of the requirements is named by its place in what was sent. */
function refusalOf(problem: Problem, provisions: readonly Provision[]): Fault | undefined {
  const fault = faultOf(problem)
  const place = fault?.at.match(/^\/requirements\/(\d+)/)?.[1]
  const code = place === undefined ? undefined : provisions[Number(place)]?.code
  return fault && code ? { ...fault, at: `/requirements/${code}` } : fault
}

interface FormProps {
  service: Service
  draft: Draft
  /** The refused entry of the outbox that this form corrects. */
  replaces?: string
}

function Form({ service, draft: begun, replaces }: FormProps) {
  const schema = service.form_schema as Schema
  const requirements = service.published.requirements
  const { draft, isKept, problem, change, onPaper, drop } = useDraft(begun)
  const { kecamatan } = draft
  const [isTried, setTried] = useState(false)
  const [refused, setRefused] = useState<Fault>()
  const [turn, setTurn] = useState(0)
  const act = useAct()
  const found = [...peopleFaults(draft.person, draft.acting), ...faultsOf(schema, draft.form, '/form')]
  const faults = [...(refused ? [refused] : []), ...(isTried ? found : [])]
  const missing = requirements.filter((one) => one.mandatory && !isBrought(draft.papers[one.code]))
  const isOver = useRef(false)
  useLeaveQuestion(() =>
    problem && !isOver.current ? 'Pendaftaran ini belum dikirim dan tidak tersimpan di perangkat. Tinggalkan halaman ini?' : undefined,
  )
  const finish = async () => {
    isOver.current = true
    await drop()
  }
  // What the server refused was this content; changed, it may be right.
  useEffect(() => setRefused(undefined), [draft])

  const submit = () => {
    setTried(true)
    setRefused(undefined)
    if (found.length > 0) return setTurn(turn + 1)
    const provisions = provisionsOf(
      requirements.map((one) => one.code),
      draft.papers,
    )
    act.run(async () => {
      try {
        const sent = await submitRegistration({
          key: draft.key,
          serviceName: service.name,
          body: bodyOf(draft, schema),
          provisions,
          ...(replaces ? { replaces } : {}),
        })
        await finish()
        if (sent.state === 'done') remember(sent.reply)
        go(sent.state === 'done' ? `/loket/permohonan/${sent.reply.application}?baru=1` : `/loket/sementara/${sent.entry.id}`, 'replace')
        scrollTo(0, 0)
      } catch (error) {
        const fault = error instanceof Problem ? refusalOf(error, provisions) : undefined
        if (!fault) throw error
        setRefused(fault)
        setTurn((before) => before + 1)
      }
    })
  }
  useKeys({ key: 'enter', ctrl: true }, submit)

  return (
    <form
      class="register"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <h1>{service.name}</h1>
      <p class="soft">
        {durationWords(service.published.duration)} · Biaya: {service.published.cost} · Isian tanpa “boleh kosong” wajib diisi.
      </p>
      <Faults faults={faults} turn={turn} />
      <Trouble problem={act.problem} />
      <div class="columns">
        <section class="card" aria-labelledby="pemohon">
          <h2 id="pemohon">Pemohon</h2>
          <PersonFields
            person={draft.person}
            onPerson={(person) => change((before) => ({ ...before, person }))}
            kecamatan={kecamatan}
            faults={faults}
          />
          <ActingFields
            acting={draft.acting}
            onActing={(acting) => change(({ acting: _, ...before }) => (acting ? { ...before, acting } : before))}
            faults={faults}
          />
        </section>
        <div>
          <section class="card" aria-labelledby="isian" id={fieldId('/form')} tabIndex={-1}>
            <h2 id="isian">Isian layanan</h2>
            {faultAt(faults, '/form') && <p class="error">{faultAt(faults, '/form')}</p>}
            <SchemaFields
              schema={schema}
              typed={draft.form}
              onTyped={(form) => change((before) => ({ ...before, form }))}
              faults={faults}
              at="/form"
            />
          </section>
          <section class="card" aria-labelledby="syarat">
            <h2 id="syarat">Persyaratan</h2>
            <Papers requirements={requirements} papers={draft.papers} onPaper={onPaper} kecamatan={kecamatan} faults={faults} />
          </section>
        </div>
      </div>
      <SubmitBar
        missing={missing.length}
        isKept={isKept}
        problem={problem}
        isBusy={act.isBusy}
        onDiscard={() => void finish().then(() => go('/loket'))}
      />
    </form>
  )
}

interface SubmitBarProps {
  missing: number
  isKept: boolean
  problem: unknown
  isBusy: boolean
  onDiscard: () => void
}

function SubmitBar({ missing, isKept, problem, isBusy, onDiscard }: SubmitBarProps) {
  const [isAsking, setAsking] = useState(false)
  return (
    <div class="submit-bar">
      <p role="status" aria-busy={!isKept}>
        {missing === 0
          ? 'Semua persyaratan wajib ada.'
          : `Belum ada ${missing} persyaratan wajib: permohonan dicatat belum lengkap, tanpa nomor dan tanpa janji.`}
        <br />
        {problem ? (
          <strong>{asProblem(problem).detail}</strong>
        ) : (
          <span class="soft">Isian tersimpan di perangkat ini sampai didaftarkan.</span>
        )}
      </p>
      <Button type="submit" isBusy={isBusy}>
        {isBusy ? 'Mengirim…' : 'Daftarkan'} <kbd>Ctrl+Enter</kbd>
      </Button>
      <Button tone="quiet" onClick={() => setAsking(true)}>
        Buang isian
      </Button>
      <Dialog title="Buang isian ini?" isOpen={isAsking} onClose={() => setAsking(false)}>
        <p>Semua yang sudah diketik untuk pendaftaran ini hilang.</p>
        <div class="actions">
          <Button tone="danger" onClick={onDiscard}>
            Buang isian
          </Button>
          <Button tone="quiet" onClick={() => setAsking(false)}>
            Lanjutkan mengisi
          </Button>
        </div>
      </Dialog>
    </div>
  )
}

export const durationWords = (duration: Service['published']['duration']): string =>
  'minutes' in duration ? `${duration.minutes} menit` : `${duration.working_days} hari kerja`
