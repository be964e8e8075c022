// The verifier's decision: one button for each way out that the workflow has, and before anything happens a dialog that
// says what will happen and takes what the letter to the applicant needs.
import type { ComponentChildren, JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Act } from '../../hooks'
import { oneLine, unprintableWords } from '../../printable'
import { broughtWords, type Case } from '../../ui/case_facts'
import { faultAt, Faults } from '../../ui/faults'
import { AreaField, Button, Dialog, Field, fieldId, Notice, SelectField, TextField, Trouble } from '../../ui/parts'
import type { Fault } from '../../ui/schema'
import { unmarked, type Mark, type Marks } from './marks'
import { allOutcomes, buttonWords, consequence, type Decision, type Outcome, type Task } from './words'

interface DecideProps {
  task: Task
  file: Case
  marks: Marks
  onMark: (code: string, mark: Mark) => void
  /** The law of the service, to choose from when refusing. */
  laws: readonly string[]
  act: Act
  open: Outcome | undefined
  onOpen: (outcome: Outcome | undefined) => void
  onDecide: (decision: Decision) => void
}

export function Decide(props: DecideProps) {
  const { task, open, onOpen, act } = props
  const close = () => onOpen(undefined)
  const Content = open && contents[open]
  return (
    <section class="card" aria-labelledby="keputusan">
      <h2 id="keputusan">Keputusan</h2>
      <div class="choices">
        {allOutcomes
          .filter((outcome) => !task.outcomes || task.outcomes.includes(outcome))
          .map((outcome) => (
            <Button
              key={outcome}
              tone={outcome === 'ok' ? 'main' : outcome === 'rejected' ? 'danger' : 'quiet'}
              onClick={() => {
                act.forget()
                onOpen(outcome)
              }}
            >
              {buttonWords[outcome]}
            </Button>
          ))}
      </div>
      <Dialog title={open ? `${buttonWords[open]}?` : ''} isOpen={open !== undefined} onClose={close}>
        {Content && <Content {...props} outcome={open} close={close} />}
      </Dialog>
    </section>
  )
}

type ContentProps = DecideProps & { outcome: Outcome; close: () => void }

/** What all dialogs share: the consequence, the trouble, the buttons; Enter sends. */
function Frame({
  outcome,
  task,
  file,
  act,
  close,
  onSend,
  faults = [],
  turn = 0,
  isBlocked = false,
  children,
}: ContentProps & {
  onSend: () => void
  faults?: readonly Fault[]
  turn?: number
  isBlocked?: boolean
  children?: ComponentChildren
}) {
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        onSend()
      }}
    >
      <p>
        <strong>{task.number}</strong>, {file.service_name}. {!isBlocked && consequence(outcome, task, file)}
      </p>
      <Trouble problem={act.problem} />
      <Faults faults={faults} turn={turn} />
      {children}
      <div class="actions">
        {!isBlocked && (
          <Button type="submit" tone={outcome === 'rejected' ? 'danger' : 'main'} isBusy={act.isBusy}>
            {buttonWords[outcome]}
          </Button>
        )}
        <Button tone="quiet" onClick={close}>
          {isBlocked ? 'Tutup' : 'Batal'}
        </Button>
      </div>
    </form>
  )
}

/** On: what the marks say against it.  A mandatory requirement that lacks something stands in the way. */
function Forward(props: ContentProps) {
  const { file, marks, outcome, task, onDecide } = props
  const lacking = file.requirements.filter(({ code }) => marks[code]?.is === 'lacking')
  const unseen = file.requirements.filter(({ code }) => !marks[code]?.is)
  const isBlocked = outcome === 'ok' && lacking.some(({ mandatory }) => mandatory)
  return (
    <Frame {...props} isBlocked={isBlocked} onSend={() => onDecide({ outcome, attempt: task.attempt })}>
      {lacking.length > 0 && (
        <Notice tone="warn">
          <p>
            Anda menandai kurang: {lacking.map(({ name }) => name).join('; ')}.
            {isBlocked && ' Persyaratan wajib harus sesuai: ubah tandanya, atau kembalikan berkas untuk dilengkapi.'}
          </p>
        </Notice>
      )}
      {!isBlocked && unseen.length > 0 && (
        <Notice tone="warn">
          <p>Belum Anda tandai: {unseen.map(({ name }) => name).join('; ')}.</p>
        </Notice>
      )}
    </Frame>
  )
}

const noteFault = (at: string, label: string, text: string): Fault[] => {
  const words = unprintableWords(oneLine(text))
  return words ? [{ at, words: `${label} ${words}.` }] : []
}

/** Back: which requirements, and what of them; the marks of the checklist are the beginning. */
function Return(props: ContentProps) {
  const { file, marks, onMark, task, onDecide } = props
  const [turn, setTurn] = useState(0)
  const chosen = file.requirements.filter(({ code }) => marks[code]?.is === 'lacking')
  const faults =
    chosen.length === 0
      ? [{ at: `/missing/${file.requirements[0]?.code}`, words: 'Pilih paling sedikit satu persyaratan yang kurang.' }]
      : chosen.flatMap(({ code, name }) => noteFault(`/missing/${code}/note`, `Catatan untuk ${name}`, marks[code]?.note ?? ''))
  const send = () => {
    if (faults.length > 0) return setTurn(turn + 1)
    const missing = chosen.map(({ code }) => {
      const note = oneLine(marks[code]?.note ?? '')
      return note ? { code, note } : { code }
    })
    onDecide({ outcome: 'incomplete', attempt: task.attempt, missing })
  }
  return (
    <Frame {...props} onSend={send} faults={turn > 0 ? faults : []} turn={turn}>
      <fieldset>
        <legend>Yang harus dilengkapi</legend>
        {file.requirements.map((requirement) => {
          const mark = marks[requirement.code] ?? unmarked
          const at = `/missing/${requirement.code}`
          return (
            <div key={requirement.code}>
              <Tick
                at={at}
                mark={mark}
                name={requirement.name}
                what={broughtWords(requirement)}
                onMark={(next) => onMark(requirement.code, next)}
              />
              {mark.is === 'lacking' && (
                <TextField
                  label={`Apa yang kurang pada ${requirement.name}`}
                  hint="Tercetak pada pemberitahuan; jangan menulis data pribadi."
                  value={mark.note}
                  onValue={(note) => onMark(requirement.code, { ...mark, note })}
                  maxLength={300}
                  at={`${at}/note`}
                  error={turn > 0 ? faultAt(faults, `${at}/note`) : undefined}
                  isOptional
                />
              )}
            </div>
          )
        })}
      </fieldset>
    </Frame>
  )
}

function Tick({ at, mark, name, what, onMark }: { at: string; mark: Mark; name: string; what: string; onMark: (mark: Mark) => void }) {
  const { is: _, ...without } = mark
  return (
    <label class="option">
      <input
        type="checkbox"
        id={fieldId(at)}
        checked={mark.is === 'lacking'}
        onChange={(event) => onMark(event.currentTarget.checked ? { ...mark, is: 'lacking' } : without)}
      />
      {name} <span class="soft">({what.toLowerCase()})</span>
    </label>
  )
}

/** No: the requirement that is not met, why, and by which law. */
function Refuse(props: ContentProps) {
  const { file, marks, laws, task, onDecide } = props
  const [requirement, setRequirement] = useState(file.requirements.find(({ code }) => marks[code]?.is === 'lacking')?.code ?? '')
  const [reason, setReason] = useState('')
  const [law, setLaw] = useState('')
  const [turn, setTurn] = useState(0)
  const faults: Fault[] = [
    ...(requirement ? [] : [{ at: '/requirement', words: 'Persyaratan yang tidak terpenuhi wajib dipilih.' }]),
    ...textFaults('/reason', 'Alasan', reason),
    ...textFaults('/legal_basis', 'Dasar hukum', law),
  ]
  const errorAt = (at: string) => (turn > 0 ? faultAt(faults, at) : undefined)
  const send = () => {
    if (faults.length > 0) return setTurn(turn + 1)
    onDecide({ outcome: 'rejected', attempt: task.attempt, requirement, reason: oneLine(reason), legal_basis: oneLine(law) })
  }
  return (
    <Frame {...props} onSend={send} faults={turn > 0 ? faults : []} turn={turn}>
      <SelectField
        label="Persyaratan yang tidak terpenuhi"
        at="/requirement"
        value={requirement}
        onValue={setRequirement}
        error={errorAt('/requirement')}
        choices={[['', 'Pilih…'], ...file.requirements.map(({ code, name }) => [code, name] as const)]}
      />
      <AreaField
        label="Alasan"
        at="/reason"
        hint="Tercetak pada surat kepada pemohon; jangan menulis nama, NIK, atau alamat."
        value={reason}
        onValue={setReason}
        error={errorAt('/reason')}
        maxLength={1000}
      />
      <Field label="Dasar hukum" at="/legal_basis" hint="Peraturan dan pasalnya." error={errorAt('/legal_basis')}>
        {(control) => (
          <>
            <input {...control} list="dasar-hukum" maxLength={300} value={law} onInput={(event) => setLaw(event.currentTarget.value)} />
            <datalist id="dasar-hukum">
              {laws.map((one) => (
                <option key={one} value={one} />
              ))}
            </datalist>
          </>
        )}
      </Field>
    </Frame>
  )
}

const textFaults = (at: string, label: string, text: string): Fault[] =>
  oneLine(text).length < 3 ? [{ at, words: `${label} wajib diisi (paling sedikit 3 karakter).` }] : noteFault(at, label, text)

const contents: Record<Outcome, (props: ContentProps) => JSX.Element> = {
  ok: Forward,
  needs_inspection: Forward,
  incomplete: Return,
  rejected: Refuse,
}
