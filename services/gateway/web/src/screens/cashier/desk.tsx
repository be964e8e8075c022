// One bill: what is owed and why, the cash that was put down, the change; taken once; then the receipt.
import { useState } from 'preact/hooks'
import { ask, bytes, command, Problem, type Reply } from '../../api'
import { date, moment, rupiah } from '../../format'
import { useAct, useCommandKeys, useLoad } from '../../hooks'
import { useNames } from '../../names'
import type { ScreenProps } from '../../screens'
import { useFormSchema } from '../../ui/case_facts'
import { Desk } from '../../ui/desk'
import { faultAt, faultOf, Faults } from '../../ui/faults'
import { Button, Due, Facts, Notice, Shown, TextField, Trouble } from '../../ui/parts'
import { printPdf } from '../../ui/paper'
import { formulaWords, groupTyped, typedRupiah, usualCash } from './money'
import './cashier.css'

type Owed = Reply<'payment.bill.get'>
type Bill = Owed['bill']
type Receipt = NonNullable<Owed['receipt']>

export default function CashierDesk({ parts }: ScreenProps) {
  const application = parts['application'] ?? ''
  const loaded = useLoad(() => ask('payment.bill.get', { application }), [application])
  return <Shown loaded={loaded}>{(owed) => <Opened key={application} owed={owed} onTaken={loaded.again} />}</Shown>
}

function Opened({ owed, onTaken }: { owed: Owed; onTaken: () => void }) {
  const { bill, receipt } = owed
  const { application } = bill
  const names = useNames()
  const papers = [
    ...(receipt
      ? [{ key: 'tbp', title: 'Tanda bukti pembayaran (TBP)', load: () => bytes('document.payment.print', { application }) }]
      : []),
    { key: 'skrd', title: 'Surat ketetapan retribusi (SKRD)', load: () => bytes('document.bill.print', { application }) },
  ]
  return (
    <Desk inbox="/kasir" title={names.service(bill.service)} papers={papers}>
      <section class="card" aria-labelledby="tagihan">
        <h2 id="tagihan">Yang harus dibayar</h2>
        <p class="promise amount">{rupiah(bill.amount_rupiah)}</p>
        <BillFacts bill={bill} />
      </section>
      {bill.state === 'due' && <Take bill={bill} onTaken={onTaken} />}
      {bill.state === 'cancelled' && <Notice tone="warn">Tagihan ini dibatalkan; tidak ada yang perlu dibayar.</Notice>}
      {receipt && <Taken receipt={receipt} application={application} />}
    </Desk>
  )
}

function BillFacts({ bill }: { bill: Bill }) {
  const schema = useFormSchema(bill.service)
  return (
    <Facts
      rows={[
        ['Permohonan', bill.number],
        ['Nomor tagihan', bill.bill_number],
        ['Perhitungan', `${formulaWords(bill.calculation, undefined)} = ${rupiah(bill.amount_rupiah)}`],
        ['Rumus', formulaWords(bill.formula, schema)],
        ['Dasar hukum', bill.legal_basis],
        ['Kode rekening', bill.account_code],
        [
          'Jatuh tempo',
          <>
            {date(bill.due_on)} {bill.state === 'due' && <Due on={bill.due_on} />}
          </>,
        ],
      ]}
    />
  )
}

const RECEIVED = '/received_rupiah'

function Take({ bill, onTaken }: { bill: Bill; onTaken: () => void }) {
  const [typed, setTyped] = useState('')
  const [turn, setTurn] = useState(0)
  const act = useAct()
  // The same sum put down is the same intention: tried again after a broken line it is taken once.
  const keyOf = useCommandKeys()
  const received = typedRupiah(typed)
  const change = received === undefined ? undefined : received - bill.amount_rupiah
  const error =
    received === undefined
      ? 'Isi jumlah uang yang diterima.'
      : change !== undefined && change < 0
        ? `Kurang ${rupiah(-change)}.`
        : undefined
  const refused = faultOf(act.problem)
  const own = turn > 0 && error ? { at: RECEIVED, words: error } : undefined
  const faults = [own, refused].filter((fault) => fault !== undefined)
  const take = () => {
    setTurn(turn + 1)
    if (error || received === undefined) return
    act.run(async () => {
      try {
        const { application, attempt } = bill
        const body = { received_rupiah: received, attempt }
        await command('payment.cash.take', { params: { application }, body, key: keyOf({ application, body }) })
      } catch (problem) {
        // Somebody else was quicker, or the bill has changed: what holds now is shown with the sentence.
        if (problem instanceof Problem && problem.status === 409) onTaken()
        throw problem
      }
      onTaken()
    })
  }
  return (
    <section class="card" aria-labelledby="terima">
      <h2 id="terima">Terima uang tunai</h2>
      <Faults faults={faults} turn={turn} />
      {!refused && <Trouble problem={act.problem} />}
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          take()
        }}
      >
        <TextField
          label="Uang yang diterima (Rp)"
          value={typed}
          onValue={(value) => setTyped(groupTyped(value))}
          at={RECEIVED}
          error={faultAt(faults, RECEIVED)}
          inputMode="numeric"
          autocomplete="off"
          maxLength={20}
          autofocus
        />
        <div class="actions cash" role="group" aria-label="Jumlah yang biasa diberikan">
          {usualCash(bill.amount_rupiah).map((cash, at) => (
            <Button key={cash} tone="quiet" onClick={() => setTyped(groupTyped(String(cash)))}>
              {at === 0 ? 'Uang pas' : rupiah(cash)}
            </Button>
          ))}
        </div>
        <p class="change" role="status">
          {change === undefined || change < 0 ? (
            <span class="soft">{change === undefined ? 'Kembalian dihitung di sini.' : `Kurang ${rupiah(-change)}`}</span>
          ) : (
            <>
              Kembalian <strong class="amount">{rupiah(change)}</strong>
            </>
          )}
        </p>
        <Button type="submit" isBusy={act.isBusy}>
          Terima pembayaran
        </Button>
      </form>
    </section>
  )
}

function Taken({ receipt, application }: { receipt: Receipt; application: string }) {
  const act = useAct()
  return (
    <section class="card" aria-labelledby="diterima">
      <h2 id="diterima">Sudah dibayar</h2>
      <Notice tone="good">
        {receipt.receipt_number}, diterima {receipt.cashier.name} pada {moment(receipt.paid_at)}.
      </Notice>
      <p class="change">
        Kembalian <strong class="amount">{rupiah(receipt.change_rupiah)}</strong>
      </p>
      <Facts
        rows={[
          ['Jumlah', rupiah(receipt.amount_rupiah)],
          ['Uang yang diterima', rupiah(receipt.received_rupiah)],
        ]}
      />
      <Trouble problem={act.problem} />
      <div class="actions">
        <Button isBusy={act.isBusy} onClick={() => act.run(() => printPdf(() => bytes('document.payment.print', { application })))}>
          Cetak tanda bukti (TBP)
        </Button>
      </div>
    </section>
  )
}
