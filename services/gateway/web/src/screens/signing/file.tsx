// One document before the one who approves it: its PDF from the very bytes that count, what the applicant brought and
// answered, who has looked before.
import type { ComponentChildren } from 'preact'
import { ask } from '../../api'
import { moment } from '../../format'
import { useLoad, type Loaded } from '../../hooks'
import { session } from '../../session'
import { Answers, ApplicantFacts, broughtWords, requirementPapers, useFormSchema, type Case } from '../../ui/case_facts'
import { Desk as DeskLayout, openPaper } from '../../ui/desk'
import { Due, Facts, Notice, Shown } from '../../ui/parts'
import { happenings } from '../case/events'
import type { Seen } from './bytes'
import { finalOf, type Desk, type Task } from './desks'

interface FileProps {
  desk: Desk
  task: Task
  /** The bytes, fetched once for the eye and for the hash. */
  look: () => Promise<Seen>
  heading?: ComponentChildren
  /** Decided in this round: nothing is promised any more. */
  isDecided?: boolean
  /** The buttons; `isSeen`: the document is there and is what the task names. */
  children: (isSeen: boolean) => ComponentChildren
}

export function SigningFile({ desk, task, look, heading, isDecided = false, children }: FileProps) {
  const { application } = task
  const file = useLoad(() => ask('intake.application.get', { application }), [application])
  const seen = useLoad(look, [application])
  const papers = [
    { key: 'dokumen', title: desk.paperTitle, load: () => look().then(({ blob }) => blob) },
    ...requirementPapers(file.value?.requirements ?? []),
  ]
  return (
    <DeskLayout
      key={application}
      inbox={desk.inbox}
      application={application}
      title={file.value?.service_name ?? task.number}
      papers={papers}
    >
      {heading}
      <section class="card" aria-label="Keputusan">
        <p>
          <strong>{task.number}</strong> <Due on={task.due_on} />
        </p>
        <Decided desk={desk} task={task} />
        {task.state === 'open' && !isDecided && <Proof desk={desk} task={task} seen={seen} />}
        {children(task.state === 'open' && seen.value !== undefined && seen.value.match !== 'other')}
      </section>
      <Shown loaded={file}>{(value) => <About file={value} />}</Shown>
    </DeskLayout>
  )
}

/** Somebody was quicker, or the case has ended. */
function Decided({ desk, task }: { desk: Desk; task: Task }) {
  if (task.state === 'open') return null
  const at = task.decided_at ? ` pada ${moment(task.decided_at)}` : ''
  return (
    <Notice tone="warn">
      {task.state === 'done' && `${desk.words.approved} oleh ${task.decided_by ?? 'pejabat lain'}${at}.`}
      {task.state === 'returned' && `Dikembalikan oleh ${task.decided_by ?? 'pejabat lain'}${at}: ${task.reason ?? ''}`}
      {task.state === 'closed' && 'Permohonan ini sudah berakhir; tidak ada yang perlu disetujui.'}
    </Notice>
  )
}

function Proof({ desk, task, seen }: { desk: Desk; task: Task; seen: Loaded<Seen> }) {
  const { number, signer } = finalOf(task)
  const isForAnother = signer !== undefined && signer !== session.current()?.account
  return (
    <>
      {number && <p>Nomor surat: {number}</p>}
      {isForAnother && (
        <Notice tone="warn">Dokumen ini disiapkan atas nama pejabat lain; yang berwenang hari ini yang dapat menandatanganinya.</Notice>
      )}
      <Shown loaded={seen}>
        {({ match }) =>
          match === 'other' ? (
            <Notice tone="warn">
              Berkas yang dimuat bukan yang tercatat pada meja Anda. Dokumen mungkin baru diperbarui: kembali ke daftar lalu buka lagi.
            </Notice>
          ) : (
            <Notice tone="good">
              <p>
                <strong>{desk.words.promise}</strong>
              </p>
              <p class="soft">
                {match === 'same'
                  ? 'Sidik berkas (SHA-256) dihitung di perangkat ini dan cocok: '
                  : 'Sidik isi (SHA-256) yang dipastikan server: '}
                <code>{desk.hashOf(task)}</code>
              </p>
            </Notice>
          )
        }
      </Shown>
    </>
  )
}

function About({ file }: { file: Case }) {
  const schema = useFormSchema(file.service)
  const past = happenings(file, []).filter(({ kind }) => kind !== 'now')
  return (
    <>
      <section class="card" aria-labelledby="persyaratan">
        <h2 id="persyaratan">Persyaratan</h2>
        <ul class="checks">
          {file.requirements.map((requirement) => (
            <li key={requirement.code}>
              {requirement.name}: {broughtWords(requirement)}{' '}
              {requirement.file && (
                <button type="button" class="linklike" onClick={() => openPaper(requirement.code)}>
                  Lihat<span class="hidden-visually"> {requirement.name}</span>
                </button>
              )}
            </li>
          ))}
        </ul>
      </section>
      <section class="card" aria-labelledby="pemohon">
        <h2 id="pemohon">Pemohon</h2>
        <ApplicantFacts file={file} />
      </section>
      <section class="card" aria-labelledby="isian">
        <h2 id="isian">Isian permohonan</h2>
        <Answers schema={schema} values={file.form} />
      </section>
      <section class="card" aria-labelledby="sebelumnya">
        <h2 id="sebelumnya">Yang sudah memeriksa</h2>
        <Facts rows={past.map(({ title, text, by, at }) => [title, `${text ?? ''}${by ? `, ${by}` : ''}, ${moment(at)}`] as const)} />
      </section>
    </>
  )
}
