// What waits for paraf or signature.  Rows may be ticked, to be read one after the other and approved together; what is
// ticked stands in the address.
import { go, setQuery, usePlace } from '../../router'
import { Button } from '../../ui/parts'
import { Inbox, type InboxRow } from '../../ui/inbox'
import { finalOf, type Desk, type Task } from './desks'

type Row = InboxRow & Task

const MOST_AT_ONCE = 30

const states = [
  ['open', 'Menunggu Anda'],
  ['done', 'Sudah disetujui'],
  ['returned', 'Dikembalikan'],
] as const

export function SigningInbox({ desk }: { desk: Desk }) {
  const { query } = usePlace()
  const isOpen = (query.get('keadaan') ?? 'open') === 'open'
  const ticked = new Set((query.get('pilih') ?? '').split(',').filter(Boolean))
  const tick = (wanted: Set<string>) => setQuery('pilih', [...wanted].slice(0, MOST_AT_ONCE).join(','))
  const toggle = (application: string) => {
    const wanted = new Set(ticked)
    if (!wanted.delete(application)) wanted.add(application)
    tick(wanted)
  }
  return (
    <Inbox<Row>
      title={desk.title}
      roles={desk.roles}
      states={states}
      load={async (asked) => {
        const { tasks, next } = await desk.list(asked)
        return { rows: tasks.map((task) => ({ ...task, since: task.requested_at })), ...(next ? { next } : {}) }
      }}
      href={({ application }) => `${desk.inbox}/${application}`}
      empty={desk.words.empty}
      columns={isOpen ? (desk.needsPassphrase ? [{ label: 'Nomor surat', show: (row) => finalOf(row).number ?? '–' }] : []) : decided}
      {...(isOpen
        ? {
            lead: {
              label: 'Pilih',
              show: (row: Row) => (
                <label class="tick">
                  <input type="checkbox" checked={ticked.has(row.application)} onChange={() => toggle(row.application)} />
                  <span class="hidden-visually">Pilih {row.number}</span>
                </label>
              ),
            },
            above: (rows: Row[]) => <Ticked desk={desk} rows={rows} ticked={ticked} onTick={tick} />,
          }
        : {})}
    />
  )
}

const decided = [
  { label: 'Oleh', show: (row: Row) => row.decided_by ?? '–' },
  { label: 'Alasan', show: (row: Row) => row.reason ?? '–' },
]

interface TickedProps {
  desk: Desk
  rows: Row[]
  ticked: ReadonlySet<string>
  onTick: (wanted: Set<string>) => void
}

function Ticked({ desk, rows, ticked, onTick }: TickedProps) {
  if (rows.length === 0) return null
  const some = rows.filter((row) => ticked.has(row.application))
  return (
    <div class="row ticked">
      <Button tone="quiet" onClick={() => onTick(new Set(some.length === rows.length ? [] : rows.map((row) => row.application)))}>
        {some.length === rows.length ? 'Kosongkan pilihan' : 'Pilih semua'}
      </Button>
      {some.length > 0 && (
        <Button onClick={() => go(`${desk.inbox}/beberapa?berkas=${some.map((row) => row.application).join(',')}`)}>
          Periksa {some.length} dokumen yang dipilih
        </Button>
      )}
      <p class="soft">Beberapa dokumen dapat dipilih, dibaca satu per satu, lalu disetujui bersama (paling banyak {MOST_AT_ONCE}).</p>
    </div>
  )
}
