// One document, approved or given back at once.
import { useState } from 'preact/hooks'
import { useAct, useLoad } from '../../hooks'
import { go } from '../../router'
import { inboxAddress, leaveWord } from '../../ui/inbox'
import { Button, Notice, Shown, Trouble } from '../../ui/parts'
import { PassphraseDialog, ReturnDialog } from './ask'
import { look } from './bytes'
import { tasksOf, versionOf, type Desk, type Task } from './desks'
import { SigningFile } from './file'
import { useRound } from './verdicts'

export function SigningOne({ desk, application }: { desk: Desk; application: string }) {
  const tasks = useLoad(() => tasksOf(desk, [application]), [application])
  return (
    <Shown loaded={tasks}>
      {(found) => {
        const task = found.get(application)
        if (!task) return <Notice tone="warn">Dokumen ini tidak ada di meja Anda.</Notice>
        return <One key={versionOf(desk, task)} desk={desk} task={task} onStale={tasks.again} />
      }}
    </Shown>
  )
}

function One({ desk, task, onStale }: { desk: Desk; task: Task; onStale: () => void }) {
  const round = useRound(desk)
  const act = useAct()
  const [asked, setAsked] = useState<'passphrase' | 'reason'>()
  const close = () => {
    setAsked(undefined)
    act.forget()
  }
  const leave = (words: string) => {
    leaveWord(`${task.number}: ${words}`)
    go(inboxAddress(desk.inbox))
  }
  const approve = (shown: string | undefined, passphrase: string) =>
    act.run(async () => {
      const isWell = await round.approve([{ task, shown }], passphrase)
      setAsked(undefined)
      if (isWell) leave(`${desk.words.approved.toLowerCase()}.`)
    })
  const verdict = round.of(task.application)
  return (
    <SigningFile desk={desk} task={task} look={() => look(desk, task)}>
      {(shown) => (
        <>
          {!asked && <Trouble problem={act.problem} />}
          {verdict.is === 'refused' && (
            <Notice tone="warn">
              <p>{verdict.words}</p>
              <Button tone="quiet" onClick={onStale}>
                Muat keadaan terbaru
              </Button>
            </Notice>
          )}
          {task.state === 'open' && (
            <div class="actions">
              <Button
                disabled={!shown}
                isBusy={act.isBusy}
                onClick={() => (desk.needsPassphrase ? setAsked('passphrase') : approve(shown, ''))}
              >
                {desk.words.approve}
              </Button>
              <Button tone="danger" disabled={act.isBusy} onClick={() => setAsked('reason')}>
                Kembalikan…
              </Button>
            </div>
          )}
          <PassphraseDialog isOpen={asked === 'passphrase'} count={1} act={act} onClose={close} onSend={(words) => approve(shown, words)} />
          <ReturnDialog
            isOpen={asked === 'reason'}
            number={task.number}
            act={act}
            onClose={close}
            onSend={(reason) =>
              act.run(async () => {
                await round.giveBack(task, reason)
                leave('dikembalikan kepada operator.')
              })
            }
          />
        </>
      )}
    </SigningFile>
  )
}
