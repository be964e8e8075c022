// The verifier's inbox.
import { ask, type Reply } from '../../api'
import { moment } from '../../format'
import { Inbox, type Asked, type InboxRow, type Page } from '../../ui/inbox'
import { Badge } from '../../ui/parts'
import { outcomeWords, visitWords } from './words'

type Task = Reply<'verification.task.list'>['tasks'][number]
type Row = Task & InboxRow

async function load({ kecamatan, state, after, limit }: Asked): Promise<Page<Row>> {
  const { tasks, next } = await ask('verification.task.list', {
    limit,
    ...(kecamatan ? { kecamatan } : {}),
    ...(after ? { after } : {}),
    ...(state ? { state: state as Task['state'] } : {}),
  })
  return { rows: tasks.map((task) => ({ ...task, since: task.requested_at })), ...(next ? { next } : {}) }
}

/** Where it stands: new, back from somewhere, or who decided it. */
function Standing({ task }: { task: Task }) {
  if (task.decision)
    return (
      <>
        {outcomeWords[task.decision.outcome]} oleh {task.decision.decided_by.name}, {moment(task.decision.decided_at)}
      </>
    )
  if (task.state === 'closed') return <>Permohonan sudah berakhir</>
  return task.attempt > 1 ? <Badge tone="warn">{visitWords(task.attempt)}</Badge> : <>baru</>
}

export default function VerificationInbox() {
  return (
    <Inbox<Row>
      title="Verifikasi berkas"
      roles={['verifikator']}
      load={load}
      href={(task) => `/verifikasi/${task.application}`}
      states={[
        ['open', 'Menunggu'],
        ['decided', 'Sudah diputuskan'],
        ['closed', 'Ditutup'],
      ]}
      columns={[{ label: 'Keterangan', show: (task) => <Standing task={task} /> }]}
      empty="Tidak ada berkas yang menunggu verifikasi."
    />
  )
}
