// Several documents in one round: each is read in its turn and approved, left out or given back; then the approved ones
// go out together, with the passphrase asked once, and each has its own result.  Which documents and at which one the
// officer is stands in the address (?berkas=…&ke=2); what was decided does not: it ends with the window.
import { useRef, useState } from 'preact/hooks'
import { useAct, useLoad } from '../../hooks'
import { useNames } from '../../names'
import { BASE, setQuery, usePlace } from '../../router'
import { inboxAddress } from '../../ui/inbox'
import { Badge, Button, Notice, Shown, Trouble } from '../../ui/parts'
import { PassphraseDialog, ReturnDialog } from './ask'
import { look, type Seen } from './bytes'
import { tasksOf, versionOf, type Desk, type Task } from './desks'
import { SigningFile } from './file'
import { useRound, type Round, type Verdict } from './verdicts'

export function SigningSeveral({ desk }: { desk: Desk }) {
  const berkas = usePlace().query.get('berkas') ?? ''
  const wanted = [...new Set(berkas.split(',').filter(Boolean))]
  const tasks = useLoad(() => tasksOf(desk, wanted), [berkas])
  return (
    <Shown loaded={tasks}>
      {(found) => {
        const all = wanted.flatMap((application) => found.get(application) ?? [])
        if (all.length === 0) return <Notice tone="warn">Tidak ada dokumen yang dipilih.</Notice>
        // What was decided and fetched in a round is of these very documents: with others it begins anew.
        return <Several key={all.map((task) => versionOf(desk, task)).join(' ')} desk={desk} tasks={all} />
      }}
    </Shown>
  )
}

function Several({ desk, tasks }: { desk: Desk; tasks: Task[] }) {
  const round = useRound(desk)
  const seen = useRef(new Map<string, Promise<Seen>>())
  const at = Math.max(1, Number(usePlace().query.get('ke')) || 1)
  const goTo = (next: number) => {
    setQuery('dokumen', '')
    setQuery('ke', String(next))
    document.getElementById('main')?.focus()
    scrollTo(0, 0)
  }
  const task = tasks[at - 1]
  if (!task) return <Summary desk={desk} tasks={tasks} round={round} onOpen={goTo} />
  const lookAt = () => {
    const kept = seen.current.get(task.application) ?? look(desk, task)
    seen.current.set(task.application, kept)
    kept.catch(() => seen.current.delete(task.application))
    return kept
  }
  return (
    <Turn
      key={task.application}
      desk={desk}
      task={task}
      at={at}
      of={tasks.length}
      round={round}
      look={lookAt}
      onNext={() => goTo(at + 1)}
      onBack={() => goTo(at - 1)}
    />
  )
}

interface TurnProps {
  desk: Desk
  task: Task
  at: number
  of: number
  round: Round
  look: () => Promise<Seen>
  onNext: () => void
  onBack: () => void
}

function Turn({ desk, task, at, of, round, look, onNext, onBack }: TurnProps) {
  const act = useAct()
  const [isReturning, setReturning] = useState(false)
  const verdict = round.of(task.application)
  const decide = (verdict: Verdict) => {
    round.set(task.application, verdict)
    onNext()
  }
  const heading = (
    <p class="round" role="status">
      Dokumen {at} dari {of}
      {verdict.is !== 'unread' && ` · ${shortWords(desk, verdict)}`}
    </p>
  )
  const isOpen = task.state === 'open' && verdict.is !== 'returned' && verdict.is !== 'done'
  return (
    <SigningFile desk={desk} task={task} look={look} heading={heading} isDecided={!isOpen}>
      {(shown) => (
        <>
          <div class="actions">
            {isOpen && (
              <>
                <Button disabled={!shown} onClick={() => decide({ is: 'approved', shown })}>
                  Setujui, lanjut
                </Button>
                <Button tone="danger" onClick={() => setReturning(true)}>
                  Kembalikan…
                </Button>
              </>
            )}
            <Button tone="quiet" onClick={isOpen ? () => decide({ is: 'skipped' }) : onNext}>
              {isOpen ? 'Lewati' : 'Lanjut'}
            </Button>
            {at > 1 && (
              <Button tone="quiet" onClick={onBack}>
                Dokumen sebelumnya
              </Button>
            )}
          </div>
          <ReturnDialog
            isOpen={isReturning}
            number={task.number}
            act={act}
            onClose={() => {
              setReturning(false)
              act.forget()
            }}
            onSend={(reason) =>
              act.run(async () => {
                await round.giveBack(task, reason)
                onNext()
              })
            }
          />
        </>
      )}
    </SigningFile>
  )
}

function shortWords(desk: Desk, { is }: Verdict): string {
  switch (is) {
    case 'unread':
      return 'belum diputuskan'
    case 'approved':
      return 'disetujui, belum dikirim'
    case 'skipped':
      return 'dilewati'
    case 'done':
      return desk.words.approved.toLowerCase()
    case 'returned':
      return 'dikembalikan'
    case 'refused':
      return 'belum berhasil'
  }
}

const tones = { unread: 'plain', approved: 'plain', skipped: 'plain', done: 'good', returned: 'warn', refused: 'bad' } as const

interface SummaryProps {
  desk: Desk
  tasks: Task[]
  round: Round
  onOpen: (at: number) => void
}

/** The round before it goes out, and its results afterwards. */
function Summary({ desk, tasks, round, onOpen }: SummaryProps) {
  const names = useNames()
  const act = useAct()
  const [isAsked, setAsked] = useState(false)
  const ready = tasks.filter(({ application }) => ['approved', 'refused'].includes(round.of(application).is))
  const send = (passphrase: string) =>
    act.run(async () => {
      await round.approve(
        ready.map((task) => ({ task, shown: round.of(task.application).shown })),
        passphrase,
      )
      setAsked(false)
    })
  return (
    <>
      <p class="back">
        <a href={BASE + inboxAddress(desk.inbox)}>← Kembali ke daftar</a>
      </p>
      <h1>{desk.title}: ringkasan</h1>
      {!isAsked && <Trouble problem={act.problem} />}
      <div class="scroll">
        <table class="stacks">
          <caption class="hidden-visually">Putusan dan hasil tiap dokumen</caption>
          <thead>
            <tr>
              <th scope="col">Nomor</th>
              <th scope="col">Layanan</th>
              <th scope="col">Hasil</th>
              <th scope="col">Tindakan</th>
            </tr>
          </thead>
          <tbody>
            {tasks.map((task, at) => {
              const verdict = round.of(task.application)
              return (
                <tr key={task.application}>
                  <td>{task.number}</td>
                  <td>{names.service(task.service)}</td>
                  <td>
                    <Badge tone={tones[verdict.is]}>{shortWords(desk, verdict)}</Badge>
                    {verdict.words && <p>{verdict.words}</p>}
                  </td>
                  <td>
                    <Button tone="quiet" disabled={act.isBusy} onClick={() => onOpen(at + 1)}>
                      Buka<span class="hidden-visually"> {task.number}</span>
                    </Button>
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
      <p role="status">
        {ready.length === 0 ? 'Tidak ada lagi yang disetujui dan belum dikirim.' : `${ready.length} dokumen disetujui, belum dikirim.`}
      </p>
      <div class="actions">
        {ready.length > 0 && (
          <Button isBusy={act.isBusy} onClick={() => (desk.needsPassphrase ? setAsked(true) : send(''))}>
            {desk.words.approve} ({ready.length} dokumen)
          </Button>
        )}
      </div>
      <PassphraseDialog
        isOpen={isAsked}
        count={ready.length}
        act={act}
        onClose={() => {
          setAsked(false)
          act.forget()
        }}
        onSend={send}
      />
    </>
  )
}
