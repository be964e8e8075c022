// One document on the operator's desk: the fields on one side, the document as it will be printed on the other, beside the
// papers that it is drawn from.
import { useState } from 'preact/hooks'
import { ask, command, Problem } from '../../api'
import { useAct, useCommandKeys, useLoad } from '../../hooks'
import { forgetKept, useKept } from '../../kept'
import { BASE, go } from '../../router'
import type { ScreenProps } from '../../screens'
import { answerWords, ApplicantFacts, requirementPapers, useFormSchema, type Case } from '../../ui/case_facts'
import { BeforeDesk, Desk } from '../../ui/desk'
import { faultOf, Faults } from '../../ui/faults'
import { inboxAddress, leaveWord } from '../../ui/inbox'
import { Button, Due, Facts, Notice, Shown, Trouble } from '../../ui/parts'
import { ReasonDialog } from '../../ui/reason'
import { faultsOf, type Fault, type Schema, type Typed } from '../../ui/schema'
import { SchemaFields } from '../../ui/schema_form'
import { beginning, dataOf, deskSchema, printedFacts, unfillable, withOrigins, wordsOfField, type Draft } from './fields'
import { PreviewPaper, usePreview } from './preview'

const INBOX = '/penyusunan'

export default function DraftingDesk({ parts: { application = '' } }: ScreenProps) {
  const draft = useLoad(() => ask('document.draft.get', { application }), [application])
  const file = useLoad(() => ask('intake.application.get', { application }), [application])
  return (
    <>
      <BeforeDesk inbox={INBOX} title="Penyusunan dokumen" isThere={Boolean(draft.value && file.value)} />
      <Shown loaded={draft}>
        {(drafted) => <Shown loaded={file}>{(read) => <Open key={drafted.task.attempt} draft={drafted} file={read} />}</Shown>}
      </Shown>
    </>
  )
}

/** What is wrong with the fields now; the server's word stands beside ours. */
function allFaults(schema: Schema, typed: Typed, said?: Fault): Fault[] {
  const own = faultsOf(schema, typed, '/data')
  return said && !own.some((fault) => fault.at === said.at) ? [...own, said] : own
}

function Open({ draft, file }: { draft: Draft; file: Case }) {
  const { application, attempt, number } = draft.task
  const formSchema = useFormSchema(file.service)
  const form = (file.form ?? {}) as Record<string, unknown>
  const schema = deskSchema(draft, formSchema)
  const visit = `penyusunan/${application}/${attempt}`
  const [typed, keep] = useKept<Typed>(visit, beginning(schema, draft, form))
  const [turn, setTurn] = useState(0)
  const [isReturning, setReturning] = useState(false)
  const act = useAct()
  const keyOf = useCommandKeys()
  const data = dataOf(draft, typed, form)
  const lost = unfillable(draft, schema)
  const isWrong = allFaults(schema, typed).length > 0 || lost.length > 0
  const previewed = usePreview(application, data, isWrong)
  const faults = allFaults(schema, typed, faultOf(previewed.problem) ?? faultOf(act.problem))
  const leave = (words: string) => {
    forgetKept(visit)
    leaveWord(`${number}: ${words}`)
    go(inboxAddress(INBOX))
  }
  const submit = () => {
    if (faults.length > 0) return setTurn(turn + 1)
    act.run(async () => {
      const body = { data, attempt }
      await command('document.draft.submit', { params: { application }, body, key: keyOf(body) })
      leave('dikirim ke Kasi Pelayanan untuk diparaf.')
    })
  }
  const giveBack = (reason: string) =>
    act.run(async () => {
      const body = { attempt, reason }
      await command('document.draft.return', { params: { application }, body, key: keyOf(body) }).catch((error: unknown) => {
        if (error instanceof Problem && error.status === 409) setReturning(false)
        throw error
      })
      leave('dikembalikan.')
    })
  return (
    <Desk
      inbox={INBOX}
      application={application}
      title={`Penyusunan ${number}`}
      papers={[
        { key: 'pratinjau', title: 'Pratinjau', view: <PreviewPaper previewed={previewed} isWrong={isWrong} /> },
        ...requirementPapers(file.requirements),
      ]}
    >
      <p class="row">
        <strong>{file.service_name}</strong>
        <Due on={draft.task.due_on} />
      </p>
      {draft.task.reason && <Notice tone="warn">Dikembalikan ke meja ini: {draft.task.reason}</Notice>}
      {!isReturning && !act.problem?.field && (
        <Trouble problem={act.problem}>
          {act.problem?.status === 409 && (
            <p>
              <a href={BASE + inboxAddress(INBOX)}>Ke berkas berikutnya</a>
            </p>
          )}
        </Trouble>
      )}
      <form
        class="card"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <h2>Isi dokumen</h2>
        {lost.length > 0 && <Lost fields={lost.map((field) => wordsOfField(field, formSchema))} />}
        <Faults faults={turn > 0 ? faults : []} turn={turn} />
        <SchemaFields
          schema={withOrigins(schema, typed, form)}
          typed={typed}
          onTyped={(next) => {
            if (act.problem) act.forget()
            keep(() => next)
          }}
          faults={faults}
          at="/data"
        />
        {Object.keys(schema.properties ?? {}).length === 0 && <p>Tidak ada yang perlu diketik: isi dokumen seluruhnya dari berkas.</p>}
        <div class="actions">
          <Button type="submit" isBusy={act.isBusy} disabled={lost.length > 0}>
            Kirim ke Kasi Pelayanan
          </Button>
          <Button
            tone="quiet"
            onClick={() => {
              act.forget()
              setReturning(true)
            }}
          >
            Kembalikan berkas
          </Button>
        </div>
      </form>
      <FromFile draft={draft} file={file} formSchema={formSchema} />
      <ReasonDialog
        title="Kembalikan berkas?"
        isOpen={isReturning}
        act={act}
        onClose={() => setReturning(false)}
        onSend={giveBack}
        hint="Apa yang harus diperbaiki; jangan menulis nama, NIK, atau alamat."
        verb="Kembalikan berkas"
      >
        <strong>{number}</strong> kembali ke meja yang dapat memperbaikinya (pada alur baku: petugas verifikasi), yang membaca alasan Anda.
        Setelah diperbaiki, berkas datang lagi ke meja ini.
      </ReasonDialog>
    </Desk>
  )
}

const Lost = ({ fields }: { fields: string[] }) => (
  <Notice tone="warn">
    <p>
      Dokumen memerlukan {fields.join(', ')}, yang tidak ada dalam berkas dan tidak dapat diketik di sini. Kembalikan berkas dengan
      menyebutkannya.
    </p>
  </Notice>
)

/** What the document takes from the file and nobody types here. */
function FromFile({ draft, file, formSchema }: { draft: Draft; file: Case; formSchema: Schema | undefined }) {
  const facts = printedFacts(draft)
  return (
    <section class="card">
      <h2>Diambil dari berkas</h2>
      <p class="soft">Data pemohon dan hasil pengukuran tidak diketik ulang. Bila keliru, kembalikan berkas.</p>
      <ApplicantFacts file={file} />
      {facts.length > 0 && <Facts rows={facts.map(([name, value]) => [wordsOfField(name, formSchema), answerWords(value)])} />}
    </section>
  )
}
