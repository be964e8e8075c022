// One file on the verifier's desk: who asks for what, the checklist beside the papers, the decision.
import { useState } from 'preact/hooks'
import { ask, command, Problem } from '../../api'
import { moment } from '../../format'
import { useAct, useCommandKeys, useLoad, type Act } from '../../hooks'
import { useLive } from '../../live'
import { BASE, go } from '../../router'
import type { ScreenProps } from '../../screens'
import { session } from '../../session'
import { Answers, ApplicantFacts, requirementPapers, useFormSchema, type Case } from '../../ui/case_facts'
import { BeforeDesk, Desk } from '../../ui/desk'
import { inboxAddress, leaveWord } from '../../ui/inbox'
import { Badge, Due, Notice, Shown, Trouble } from '../../ui/parts'
import { Checklist } from './checklist'
import { Decide } from './decide'
import { useMarks } from './marks'
import { outcomeWords, visitWords, type Decision, type Outcome, type Task } from './words'

const INBOX = '/verifikasi'
const TITLE = 'Verifikasi berkas'

export default function VerificationDesk({ parts: { application = '' } }: ScreenProps) {
  const visits = useLoad(() => ask('verification.task.get', { application }), [application])
  const act = useAct() // outlives the visit: that somebody was quicker is still said when the file is back already
  useLive(visits.again)
  return (
    <>
      <BeforeDesk inbox={INBOX} title={TITLE} isThere={visits.value !== undefined} />
      <Shown loaded={visits}>
        {({ task, earlier }) => <Visit key={task.attempt} task={task} earlier={earlier} act={act} again={visits.again} />}
      </Shown>
    </>
  )
}

interface VisitProps {
  task: Task
  earlier: Task[]
  act: Act
  again: () => void
}

/** One visit of the file to this desk.  Returned and brought again while this window is open, it has other papers: a
 * later visit is another one of these, so that nobody decides it by what the visit before had. */
function Visit(props: VisitProps) {
  const { application } = props.task
  // The person's data is asked for once in a visit: each reading is written down by the server.
  const file = useLoad(() => ask('intake.application.get', { application }), [application])
  return (
    <>
      <BeforeDesk inbox={INBOX} title={TITLE} isThere={file.value !== undefined} />
      <Shown loaded={file}>{(read) => <Open {...props} file={read} />}</Shown>
    </>
  )
}

function Open({ task, earlier, file, act, again }: VisitProps & { file: Case }) {
  const { application, attempt, number } = task
  const schema = useFormSchema(file.service)
  const laws = useLoad(async () => (await ask('intake.service.get', { service: file.service })).published.legal_basis, [file.service])
  const [marks, mark] = useMarks(`${application}/${attempt}`)
  const [open, setOpen] = useState<Outcome | undefined>()
  const keyOf = useCommandKeys()
  const mayDecide = task.state === 'open' && session.places('verifikator').some((place) => task.kecamatan.startsWith(place))
  const decide = (decision: Decision) =>
    act.run(async () => {
      try {
        await command('verification.task.decide', { params: { application }, body: decision, key: keyOf(decision) })
      } catch (error) {
        if (error instanceof Problem && error.status === 409) {
          setOpen(undefined)
          again()
        }
        throw error
      }
      leaveWord(`${number}: ${outcomeWords[decision.outcome].toLowerCase()}.`)
      go(inboxAddress(INBOX))
    })
  return (
    <Desk
      inbox={INBOX}
      application={file.application}
      title={`Verifikasi ${number}`}
      papers={requirementPapers(file.requirements)}
      withoutPapers="Tidak ada berkas yang diunggah: persyaratan diperlihatkan aslinya di loket."
    >
      {!open && (
        <Trouble problem={act.problem}>
          <p>
            <a href={BASE + inboxAddress(INBOX)}>Ke berkas berikutnya</a>
          </p>
        </Trouble>
      )}
      <p class="row">
        <strong>{file.service_name}</strong>
        {task.state === 'open' && <Due on={task.due_on} />}
        {attempt > 1 && <Badge tone="warn">{visitWords(attempt)}</Badge>}
      </p>
      {file.applicant && (
        <p>
          <bdi>{file.applicant.name}</bdi> · NIK {file.applicant.nik}
        </p>
      )}
      <Past task={task} earlier={earlier} file={file} />
      <Checklist requirements={file.requirements} marks={marks} onMark={mark} isSettled={!mayDecide} />
      {mayDecide && (
        <Decide
          task={task}
          file={file}
          marks={marks}
          onMark={mark}
          laws={laws.value ?? []}
          act={act}
          open={open}
          onOpen={setOpen}
          onDecide={decide}
        />
      )}
      <section class="card">
        <h2>Pemohon</h2>
        <ApplicantFacts file={file} />
        <h2>Isi permohonan</h2>
        <Answers schema={schema} values={file.form} />
      </section>
    </Desk>
  )
}

/** Why it is here again, and what was decided on it so far. */
function Past({ task, earlier, file }: { task: Task; earlier: Task[]; file: Case }) {
  const decided = [task, ...earlier].filter((one) => one.decision)
  return (
    <>
      {task.reason && task.state === 'open' && <Notice tone="warn">Dikembalikan ke meja ini: {task.reason}</Notice>}
      {task.state === 'closed' && <Notice tone="warn">Permohonan sudah berakhir; tidak ada yang perlu diputuskan.</Notice>}
      {decided.map((one) => (
        <Notice key={one.attempt} tone={one === task ? 'good' : 'plain'}>
          <DecisionWords task={one} file={file} />
        </Notice>
      ))}
    </>
  )
}

function DecisionWords({ task: { decision }, file }: { task: Task; file: Case }) {
  if (!decision) return null
  const nameOf = (code: string) => file.requirements.find((one) => one.code === code)?.name ?? code
  return (
    <>
      <p>
        <strong>{outcomeWords[decision.outcome]}</strong> oleh {decision.decided_by.name}, {moment(decision.decided_at)}.
      </p>
      {decision.missing && (
        <ul>
          {decision.missing.map(({ code, note }) => (
            <li key={code}>
              {nameOf(code)}
              {note && `: ${note}`}
            </li>
          ))}
        </ul>
      )}
      {decision.requirement && (
        <p>
          {nameOf(decision.requirement)}: {decision.reason} ({decision.legal_basis})
        </p>
      )}
    </>
  )
}
