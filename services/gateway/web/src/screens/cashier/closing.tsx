// The end of a cashier's day: every receipt that this cashier wrote, and their sum.  It prints as it stands.  The day
// stands in the address.
import { ask, type Reply } from '../../api'
import { longDate, moment, rupiah, today } from '../../format'
import { useLoad } from '../../hooks'
import { useNames } from '../../names'
import { BASE, setQuery, usePlace } from '../../router'
import { session } from '../../session'
import { inboxAddress } from '../../ui/inbox'
import { Button, Shown, TextField } from '../../ui/parts'
import './cashier.css'

type Page = Reply<'payment.receipt.list'>
type Line = Page['receipts'][number]

interface Day {
  lines: Line[]
  sum: Page['sum']
}

const MOST_PAGES = 50

/** All of the day: a list that is signed is whole. */
async function load(on: string): Promise<Day> {
  const lines: Line[] = []
  let page: Page | undefined
  for (let count = 0; count < MOST_PAGES && (!page || page.next); count++) {
    page = await ask('payment.receipt.list', { date: on, limit: '100', ...(page?.next ? { after: page.next } : {}) })
    lines.push(...page.receipts)
  }
  return { lines, sum: page?.sum ?? { receipts: 0, amount_rupiah: 0 } }
}

export default function Closing() {
  const asked = usePlace().query.get('tanggal') ?? ''
  const on = /^\d{4}-\d\d-\d\d$/.test(asked) ? asked : today()
  const loaded = useLoad(() => load(on), [on])
  return (
    <>
      <p class="back no-print">
        <a href={BASE + inboxAddress('/kasir')}>← Kembali ke daftar</a>
      </p>
      <h1>Penerimaan kasir</h1>
      <p>
        <strong>{session.current()?.name}</strong>, {longDate(on)}
      </p>
      <div class="day no-print">
        <TextField label="Tanggal" type="date" value={on} onValue={(value) => setQuery('tanggal', value)} />
      </div>
      <Shown loaded={loaded}>{(day) => <Listed day={day} />}</Shown>
    </>
  )
}

function Listed({ day: { lines, sum } }: { day: Day }) {
  const names = useNames()
  if (lines.length === 0) return <p class="card">Tidak ada pembayaran yang Anda terima pada hari ini.</p>
  return (
    <>
      <p class="promise amount">{rupiah(sum.amount_rupiah)}</p>
      <p>
        {sum.receipts} tanda bukti pembayaran yang Anda tulis pada hari itu. Yang sekarang harus ada di kas kecamatan, selain uang modal:{' '}
        <a href={`${BASE}/kasir/setoran`}>belum disetor</a>.
      </p>
      <div class="actions">
        <Button onClick={() => print()}>Cetak</Button>
      </div>
      <div class="scroll">
        <table class="stacks">
          <caption class="hidden-visually">Tanda bukti pembayaran pada hari itu</caption>
          <thead>
            <tr>
              <th scope="col">Nomor TBP</th>
              <th scope="col">Waktu</th>
              <th scope="col">Permohonan</th>
              <th scope="col">Layanan</th>
              <th scope="col">Kode rekening</th>
              <th scope="col" class="amount">
                Jumlah
              </th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <tr key={line.receipt_number}>
                <td>
                  <a href={`${BASE}/kasir/${line.application}`}>{line.receipt_number}</a>
                </td>
                <td data-label="Waktu">{moment(line.paid_at)}</td>
                <td data-label="Permohonan">{line.number}</td>
                <td data-label="Layanan">{names.service(line.service)}</td>
                <td data-label="Kode rekening">{line.account_code}</td>
                <td data-label="Jumlah" class="amount">
                  {rupiah(line.amount_rupiah)}
                </td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row" colSpan={5}>
                Jumlah
              </th>
              <td class="amount">
                <strong>{rupiah(sum.amount_rupiah)}</strong>
              </td>
            </tr>
          </tfoot>
        </table>
      </div>
      <div class="signatures print-only">
        <p>Diserahkan oleh kasir,</p>
        <p>Diterima bendahara penerimaan pembantu,</p>
      </div>
    </>
  )
}
