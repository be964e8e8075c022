// What is ready to be fetched.  The receipt's code opens the file at once; if the document is not ready, it says where it is.
import { useState } from 'preact/hooks'
import { ask, Problem } from '../../api'
import { useAct } from '../../hooks'
import { BASE, go } from '../../router'
import { Inbox, type InboxRow } from '../../ui/inbox'
import { Notice } from '../../ui/parts'
import { ScanField } from '../../ui/scan'
import { statusWords, stepWords } from '../../words'
import './handover.css'

type Row = InboxRow & { name: string }
type Elsewhere = { application: string; words: string }

export default function HandoverInbox() {
  return (
    <Inbox<Row>
      title="Penyerahan"
      roles={['penyerahan']}
      isServerSearch
      top={<Scan />}
      load={async ({ kecamatan, q, after, limit }) => {
        const { applications, next } = await ask('intake.application.list', {
          step: 'handover',
          limit,
          ...(kecamatan ? { kecamatan } : {}),
          ...(q ? { q } : {}),
          ...(after ? { after } : {}),
        })
        const rows = applications.map((one) => ({
          ...one,
          number: one.number ?? '',
          due_on: one.due_on ?? '',
          since: one.step_started_at ?? one.created_at,
        }))
        return { rows, ...(next ? { next } : {}) }
      }}
      href={({ application }) => `/penyerahan/${application}`}
      columns={[{ label: 'Pemohon', show: ({ name }) => <bdi>{name}</bdi> }]}
      empty="Tidak ada dokumen yang menunggu diambil."
    />
  )
}

function Scan() {
  const act = useAct()
  const [elsewhere, setElsewhere] = useState<Elsewhere>()
  const find = (q: string) =>
    act.run(async () => {
      setElsewhere(undefined)
      const { applications } = await ask('intake.application.list', { q, limit: '2' })
      const [one, other] = applications
      if (!one) throw new Problem(404, 'application_unknown', 'Tidak ada permohonan dengan nomor atau kode ini di kecamatan Anda.')
      if (other)
        throw new Problem(404, 'ambiguous', 'Lebih dari satu permohonan cocok. Ketik nomor lengkapnya, atau cari di daftar di bawah.')
      if (one.step === 'handover') return go(`/penyerahan/${one.application}`)
      const isOpen = one.status === 'registered' || one.status === 'incomplete'
      const where = isOpen && one.step ? (stepWords[one.step] ?? one.step) : (statusWords[one.status] ?? one.status)
      const name = `Permohonan ${one.number ?? 'ini'}` // without a number until its papers are complete
      setElsewhere({ application: one.application, words: `${name} ${isOpen ? 'belum dapat diserahkan' : 'sudah berakhir'}: ${where}.` })
    })
  return (
    <>
      <ScanField
        label="Nomor atau kode pada tanda terima"
        hint="Pindai kodenya, atau ketik nomor permohonan atau kode 8 huruf dan angka."
        error={act.problem?.detail}
        isBusy={act.isBusy}
        onCode={find}
      />
      {elsewhere && (
        <Notice tone="warn">
          {elsewhere.words} <a href={`${BASE}/permohonan/${elsewhere.application}`}>Lihat permohonannya</a>
        </Notice>
      )}
    </>
  )
}
