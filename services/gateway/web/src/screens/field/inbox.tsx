// The visits of a petugas teknis: what is due first at the top, also where there is no signal.
import { date, moment } from '../../format'
import { useOutbox } from '../../offline/outbox'
import { Inbox } from '../../ui/inbox'
import { Badge, Notice } from '../../ui/parts'
import { loadRows, type Row, type Visit } from './store'
import { unsentOf } from './unsent'

const stateWords: Record<Visit['state'], string> = {
  requested: 'belum dijadwalkan',
  scheduled: 'dijadwalkan',
  recorded: 'temuan sudah dicatat',
  closed: 'permohonan sudah berakhir',
}

function Standing({ visit }: { visit: Row }) {
  const { mine } = useOutbox()
  if (unsentOf(mine, visit.application)) return <Badge tone="warn">temuan menunggu dikirim</Badge>
  if (visit.state !== 'scheduled' || !visit.date) return <>{stateWords[visit.state]}</>
  return (
    <>
      {date(visit.date)}
      {visit.time && ` pukul ${visit.time.replace(':', '.')}`}
    </>
  )
}

export default function FieldInbox() {
  return (
    <Inbox<Row>
      title="Pemeriksaan lapangan"
      roles={['petugas_teknis']}
      load={loadRows}
      href={(visit) => `/lapangan/${visit.application}`}
      states={[
        ['', 'Harus dikunjungi'],
        ['recorded', 'Temuan sudah dicatat'],
        ['closed', 'Ditutup'],
      ]}
      columns={[{ label: 'Kunjungan', show: (visit) => <Standing visit={visit} /> }]}
      empty="Tidak ada yang harus dikunjungi."
      above={(rows) =>
        rows[0]?.keptAt && (
          <Notice tone="warn">Tidak ada sambungan. Ini daftar yang tersimpan di perangkat pada {moment(rows[0].keptAt)}.</Notice>
        )
      }
    />
  )
}
