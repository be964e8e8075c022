// The operator's inbox: documents to be drafted.
import { ask, type Reply } from '../../api'
import { Inbox, type Asked, type InboxRow, type Page } from '../../ui/inbox'
import { Badge } from '../../ui/parts'

type Task = Reply<'document.draft.list'>['tasks'][number]
type Row = Task & InboxRow

async function load({ kecamatan, after, limit }: Asked): Promise<Page<Row>> {
  const { tasks, next } = await ask('document.draft.list', {
    limit,
    ...(kecamatan ? { kecamatan } : {}),
    ...(after ? { after } : {}),
  })
  return { rows: tasks.map((task) => ({ ...task, since: task.requested_at })), ...(next ? { next } : {}) }
}

const Standing = ({ task }: { task: Task }) =>
  task.reason ? (
    <>
      <Badge tone="warn">dikembalikan</Badge> {task.reason}
    </>
  ) : (
    <>baru</>
  )

export default function DraftingInbox() {
  return (
    <Inbox<Row>
      title="Penyusunan dokumen"
      roles={['operator']}
      load={load}
      href={(task) => `/penyusunan/${task.application}`}
      columns={[{ label: 'Keterangan', show: (task) => <Standing task={task} /> }]}
      empty="Tidak ada dokumen yang menunggu disusun."
    />
  )
}
