// The cash box of a kecamatan on its way to the kas daerah: what lies in it and until when, the bank's slip, the deposits (STS)
// that were.  The kecamatan stands in the address when there is a choice.
import { useState } from 'preact/hooks'
import { ask, command, Problem, type Reply } from '../../api'
import { date, longDate, moment, rupiah, today } from '../../format'
import { useAct, useCommandKeys, useLoad } from '../../hooks'
import { kecamatanOf, useNames } from '../../names'
import { BASE, setQuery, usePlace } from '../../router'
import { faultAt, faultOf, Faults } from '../../ui/faults'
import { inboxAddress } from '../../ui/inbox'
import { Button, Dialog, Due, Facts, Notice, SelectField, Shown, TextField, Trouble } from '../../ui/parts'
import { groupTyped, typedRupiah } from './money'
import './cashier.css'

type Box = Reply<'payment.cash.get'>
type Deposit = Reply<'payment.deposit.record'>

interface Both {
  box: Box
  deposits: Deposit[]
  hasMore: boolean
}

async function load(kecamatan: string): Promise<Both> {
  const [box, { deposits, next }] = await Promise.all([
    ask('payment.cash.get', { kecamatan }),
    ask('payment.deposit.list', { kecamatan, limit: '20' }),
  ])
  return { box, deposits, hasMore: next !== undefined }
}

export default function Deposits() {
  const names = useNames()
  const mine = kecamatanOf(['kasir'], names)
  const asked = usePlace().query.get('kecamatan') ?? ''
  const kecamatan = mine.length === 1 ? mine[0] : mine.find((code) => code === asked)
  return (
    <>
      <p class="back no-print">
        <a href={BASE + inboxAddress('/kasir')}>← Kembali ke daftar</a>
      </p>
      <h1>Setoran ke kas daerah</h1>
      {mine.length === 0 && <p class="card">Memuat daftar kecamatan…</p>}
      {mine.length > 1 && (
        <SelectField
          label="Kecamatan"
          value={kecamatan ?? ''}
          onValue={(value) => setQuery('kecamatan', value)}
          choices={[['', 'Pilih kecamatan'], ...mine.map((code) => [code, names.kecamatan(code)] as const)]}
        />
      )}
      {kecamatan && <Of key={kecamatan} kecamatan={kecamatan} />}
    </>
  )
}

function Of({ kecamatan }: { kecamatan: string }) {
  const [recorded, setRecorded] = useState<Deposit>()
  const [isRefused, setRefused] = useState(false)
  const loaded = useLoad(() => load(kecamatan), [kecamatan, recorded?.deposit_number])
  return (
    <>
      {recorded && (
        <Notice tone="good">
          Setoran {recorded.deposit_number} tercatat: {rupiah(recorded.amount_rupiah)} dari {recorded.receipts} tanda bukti.
        </Notice>
      )}
      <Shown loaded={loaded}>
        {({ box, deposits, hasMore }) => (
          <>
            <Contents box={box} />
            {(box.days.length > 0 || isRefused) && (
              <Slip
                key={recorded?.deposit_number}
                kecamatan={kecamatan}
                onRecorded={(deposit) => {
                  setRefused(false)
                  setRecorded(deposit)
                }}
                onRefused={() => {
                  setRefused(true) // the sentence stays, though another cashier may have emptied the box
                  loaded.again()
                }}
              />
            )}
            <Past deposits={deposits} hasMore={hasMore} />
          </>
        )}
      </Shown>
    </>
  )
}

function Contents({ box: { days, sum, working_days, legal_basis } }: { box: Box }) {
  return (
    <section class="card" aria-labelledby="kas">
      <h2 id="kas">Belum disetor</h2>
      <p class="promise amount">{rupiah(sum.amount_rupiah)}</p>
      <p>
        {sum.receipts} tanda bukti pembayaran. Uang tunai disetor paling lambat {working_days} hari kerja sesudah diterima
        {legal_basis && ` (${legal_basis})`}.
      </p>
      {days.length > 0 && (
        <div class="scroll">
          <table class="stacks">
            <caption class="hidden-visually">Uang tunai yang belum disetor menurut hari penerimaannya</caption>
            <thead>
              <tr>
                <th scope="col">Diterima</th>
                <th scope="col">Tanda bukti</th>
                <th scope="col">Disetor paling lambat</th>
                <th scope="col" class="amount">
                  Jumlah
                </th>
              </tr>
            </thead>
            <tbody>
              {days.map((day) => (
                <tr key={day.date}>
                  <td>{longDate(day.date)}</td>
                  <td data-label="Tanda bukti">{day.receipts}</td>
                  <td data-label="Disetor paling lambat">
                    {day.deposit_by ? (
                      <>
                        {date(day.deposit_by)} <Due on={day.deposit_by} />
                      </>
                    ) : (
                      'segera'
                    )}
                  </td>
                  <td data-label="Jumlah" class="amount">
                    {rupiah(day.amount_rupiah)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}

const AMOUNT = '/amount_rupiah'
const REFERENCE = '/bank_reference'
const ON = '/deposited_on'

interface SlipProps {
  kecamatan: string
  onRecorded: (deposit: Deposit) => void
  onRefused: () => void
}

/** What the bank's slip says.  The sum is typed from the slip, not taken from the books: it is what is compared.  There is no way
 * back from a deposit, so all of it is shown once more before it is sent. */
function Slip({ kecamatan, onRecorded, onRefused }: SlipProps) {
  const [typed, setTyped] = useState('')
  const [reference, setReference] = useState('')
  const [on, setOn] = useState(today())
  const [turn, setTurn] = useState(0)
  const [isAsked, setAsked] = useState(false)
  const act = useAct()
  const keyOf = useCommandKeys()
  const amount = typedRupiah(typed) ?? 0
  const wrong = [
    amount === 0 && { at: AMOUNT, words: 'Isi jumlah pada bukti setor bank.' },
    !/^[A-Z0-9][A-Z0-9./-]{3,39}$/.test(reference) && {
      at: REFERENCE,
      words: 'Isi nomor bukti setor: 4 sampai 40 huruf, angka, titik, garis miring atau tanda hubung.',
    },
    !on && { at: ON, words: 'Isi tanggal setor.' },
  ].filter((fault) => fault !== false)
  const refused = faultOf(act.problem)
  const faults = [...(turn > 0 ? wrong : []), ...(refused ? [refused] : [])]
  const nextTurn = () => setTurn((before) => before + 1)
  const record = () => {
    const body = { kecamatan, amount_rupiah: amount, bank_reference: reference, deposited_on: on }
    setAsked(false)
    act.run(async () => {
      try {
        onRecorded(await command('payment.deposit.record', { body, key: keyOf(body) }))
      } catch (problem) {
        nextTurn()
        if (problem instanceof Problem && problem.status > 0) onRefused()
        throw problem
      }
    })
  }
  return (
    <section class="card no-print" aria-labelledby="setor">
      <h2 id="setor">Catat setoran</h2>
      <p>
        Setorkan dahulu ke rekening kas umum daerah, lalu catat bukti setor dari bank di sini. Setoran mengambil tanda bukti yang terlama
        lebih dahulu; yang diterima sesudah Anda berangkat ke bank menunggu setoran berikutnya.
      </p>
      <Faults faults={faults} turn={turn} />
      {!refused && <Trouble problem={act.problem} />}
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          act.forget()
          if (wrong.length > 0) nextTurn()
          else setAsked(true)
        }}
      >
        <TextField
          label="Jumlah pada bukti setor (Rp)"
          at={AMOUNT}
          error={faultAt(faults, AMOUNT)}
          value={typed}
          onValue={(value) => setTyped(groupTyped(value))}
          inputMode="numeric"
          autocomplete="off"
          maxLength={20}
        />
        <TextField
          label="Nomor bukti setor bank"
          at={REFERENCE}
          error={faultAt(faults, REFERENCE)}
          value={reference}
          onValue={(value) => setReference(value.toUpperCase().replace(/\s/g, ''))}
          autocomplete="off"
          maxLength={40}
        />
        <TextField label="Tanggal setor" type="date" at={ON} error={faultAt(faults, ON)} value={on} onValue={setOn} />
        <div class="actions">
          <Button type="submit" isBusy={act.isBusy}>
            Catat setoran
          </Button>
        </div>
      </form>
      <Dialog title="Catat setoran ini?" isOpen={isAsked} onClose={() => setAsked(false)}>
        <Facts
          rows={[
            ['Jumlah', rupiah(amount)],
            ['Nomor bukti setor bank', reference],
            ['Tanggal setor', on && longDate(on)],
          ]}
        />
        <p>Cocokkan dengan bukti setor: yang sudah dicatat tidak dapat diubah.</p>
        <div class="actions">
          <Button onClick={record}>Sudah cocok, catat</Button>
          <Button tone="quiet" onClick={() => setAsked(false)}>
            Kembali
          </Button>
        </div>
      </Dialog>
    </section>
  )
}

function Past({ deposits, hasMore }: { deposits: Deposit[]; hasMore: boolean }) {
  if (deposits.length === 0) return <p class="card">Belum ada setoran yang dicatat.</p>
  return (
    <section aria-labelledby="lalu">
      <h2 id="lalu">Setoran yang tercatat</h2>
      <div class="actions no-print">
        <Button tone="quiet" onClick={() => print()}>
          Cetak
        </Button>
      </div>
      <div class="scroll">
        <table class="stacks deposits">
          <caption class="hidden-visually">Setoran ke kas daerah, yang terbaru lebih dahulu</caption>
          <thead>
            <tr>
              <th scope="col">Nomor STS</th>
              <th scope="col">Disetor</th>
              <th scope="col">Penerimaan</th>
              <th scope="col">Dicatat</th>
              <th scope="col" class="amount">
                Jumlah
              </th>
            </tr>
          </thead>
          <tbody>
            {deposits.map((one) => (
              <tr key={one.deposit_number}>
                <td>{one.deposit_number}</td>
                <td data-label="Disetor">
                  {date(one.deposited_on)}
                  <div>{one.bank_reference}</div>
                </td>
                <td data-label="Penerimaan">
                  {one.receipts} tanda bukti sampai {date(one.taken_until)}
                  {one.accounts.map(({ account_code, amount_rupiah }) => (
                    <div key={account_code}>
                      {account_code}: {rupiah(amount_rupiah)}
                    </div>
                  ))}
                </td>
                <td data-label="Dicatat">
                  {one.cashier.name}, {moment(one.recorded_at)}
                </td>
                <td data-label="Jumlah" class="amount">
                  {rupiah(one.amount_rupiah)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {hasMore && <p class="soft">Hanya dua puluh setoran terakhir yang ditampilkan.</p>}
    </section>
  )
}
