// One document before the one who approves it: its PDF from the very bytes that count, what the applicant brought and
// answered, who has looked before.
import type { ComponentChildren } from 'preact'
import { ask } from '../../api'
import { moment } from '../../format'
import { useLoad, type Loaded } from '../../hooks'
import { session } from '../../session'
import { Answers, ApplicantFacts, requirementPapers, Requirements, useFormSchema, type Case } from '../../ui/case_facts'
import { Desk as DeskLayout } from '../../ui/desk'
import { Paper } from '../../ui/paper'
import { Due, Facts, Notice, Shown } from '../../ui/parts'
import { happenings } from '../case/events'
import type { Seen } from './bytes'
import { finalOf, versionOf, type Desk, type Task } from './desks'

interface FileProps {
  desk: Desk
  task: Task
  /** The bytes, fetched once for the eye and for the hash.  Who draws this keys it by `versionOf`. */
  look: () => Promise<Seen>
  heading?: ComponentChildren
  /** Decided in this round: nothing is promised any more. */
  isDecided?: boolean
  /** The buttons; `shown`: the hash of what lies open, if that is what an open task names. */
  children: (shown: string | undefined) => ComponentChildren
}

export function SigningFile({ desk, task, look, heading, isDecided = false, children }: FileProps) {
  const { application } = task
  const version = versionOf(desk, task)
  const file = useLoad(() => ask('intake.application.get', { application }), [version])
  const seen = useLoad(look, [version])
  const papers = [
    { key: 'dokumen', title: desk.paperTitle, view: <Document title={desk.paperTitle} seen={seen} /> },
    ...requirementPapers(file.value?.requirements ?? []),
  ]
  const isShown = task.state === 'open' && seen.value?.hash === desk.hashOf(task)
  return (
    <DeskLayout key={version} inbox={desk.inbox} application={application} title={file.value?.service_name ?? task.number} papers={papers}>
      {heading}
      <section class="card" aria-label="Keputusan">
        <p>
          <strong>{task.number}</strong> <Due on={task.due_on} />
        </p>
        <Decided desk={desk} task={task} />
        {task.state === 'open' && !isDecided && <Proof desk={desk} task={task} seen={seen} />}
        {children(isShown ? seen.value?.hash : undefined)}
      </section>
      <Shown loaded={file}>{(value) => <About file={value} />}</Shown>
    </DeskLayout>
  )
}

/** Drawn from what was hashed, not from an answer of its own: the eye and the hash cannot part. */
function Document({ title, seen }: { title: string; seen: Loaded<Seen> }) {
  return <Shown loaded={seen}>{({ blob }) => <Paper title={title} load={() => Promise.resolve(blob)} about={[blob]} />}</Shown>
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
        {({ hash, isHashedHere }) =>
          hash !== desk.hashOf(task) ? (
            <Notice tone="warn">
              Berkas yang dimuat bukan yang tercatat pada meja Anda. Dokumen mungkin baru diperbarui: kembali ke daftar lalu buka lagi.
            </Notice>
          ) : (
            <Notice tone="good">
              <p>
                <strong>{desk.words.promise}</strong>
              </p>
              <p class="soft">
                {isHashedHere
                  ? 'Sidik berkas (SHA-256) dihitung di perangkat ini dan cocok: '
                  : 'Sidik isi (SHA-256) yang dipastikan server: '}
                <code>{hash}</code>
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
      <Requirements file={file} />
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
