// What is to be paid at this cash desk, and the ways to the end of the day and to the kas daerah.
import { ask, type Reply } from '../../api'
import { rupiah } from '../../format'
import { BASE } from '../../router'
import { Inbox, type InboxRow } from '../../ui/inbox'

type Bill = Reply<'payment.bill.list'>['bills'][number]
type Row = InboxRow & Bill

const states = [
  ['due', 'Belum dibayar'],
  ['settled', 'Sudah dibayar'],
  ['cancelled', 'Dibatalkan'],
] as const

export default function CashierInbox() {
  return (
    <Inbox<Row>
      title="Kasir"
      roles={['kasir']}
      states={states}
      load={async ({ kecamatan, state, after, limit }) => {
        const { bills, next } = await ask('payment.bill.list', {
          limit,
          ...(kecamatan ? { kecamatan } : {}),
          ...(state ? { state: state as Bill['state'] } : {}),
          ...(after ? { after } : {}),
        })
        return { rows: bills.map((bill) => ({ ...bill, since: bill.issued_at })), ...(next ? { next } : {}) }
      }}
      href={({ application }) => `/kasir/${application}`}
      columns={[
        { label: 'Jumlah', show: ({ amount_rupiah }) => <span class="amount">{rupiah(amount_rupiah)}</span> },
        { label: 'Tagihan', show: ({ bill_number, receipt_number }) => receipt_number ?? bill_number },
      ]}
      above={() => (
        <p>
          <a href={`${BASE}/kasir/tutup`}>Penerimaan hari ini (tutup kas)</a> · <a href={`${BASE}/kasir/setoran`}>Setoran ke kas daerah</a>
        </p>
      )}
      empty="Tidak ada tagihan yang menunggu dibayar."
    />
  )
}
