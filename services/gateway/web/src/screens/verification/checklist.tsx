// The checklist of a file: each requirement with what was brought, the paper one key away, and the verifier's mark.
import { Badge, Button, TextField } from '../../ui/parts'
import { broughtWords, type Requirement } from '../../ui/case_facts'
import { openPaper } from '../../ui/desk'
import { unmarked, type Mark, type Marks } from './marks'

interface ChecklistProps {
  requirements: readonly Requirement[]
  marks: Marks
  onMark: (code: string, mark: Mark) => void
  /** Decided already: nothing is to be marked. */
  isSettled: boolean
}

export function Checklist({ requirements, marks, onMark, isSettled }: ChecklistProps) {
  const done = requirements.filter(({ code }) => marks[code]?.is).length
  return (
    <section class="card" aria-labelledby="persyaratan">
      <h2 id="persyaratan">Persyaratan</h2>
      {!isSettled && (
        <p class="soft" role="status">
          {done} dari {requirements.length} diperiksa
        </p>
      )}
      <ol class="checklist">
        {requirements.map((requirement) => (
          <li key={requirement.code}>
            <Item
              requirement={requirement}
              mark={marks[requirement.code] ?? unmarked}
              onMark={(mark) => onMark(requirement.code, mark)}
              isSettled={isSettled}
            />
          </li>
        ))}
      </ol>
    </section>
  )
}

interface ItemProps {
  requirement: Requirement
  mark: Mark
  onMark: (mark: Mark) => void
  isSettled: boolean
}

function Item({ requirement, mark, onMark, isSettled }: ItemProps) {
  const { code, name, note, mandatory, file, original_seen } = requirement
  const isThere = Boolean(file) || original_seen
  return (
    <fieldset>
      <legend>{name}</legend>
      <p class="soft">
        {mandatory ? 'Wajib' : 'Bila ada'}
        {note && ` · ${note}`}
      </p>
      <div class="brought">
        <Badge tone={isThere ? 'plain' : mandatory ? 'bad' : 'warn'}>{broughtWords(requirement)}</Badge>
        {file && (
          <Button tone="quiet" onClick={() => openPaper(code)}>
            Lihat<span class="hidden-visually"> {name}</span>
          </Button>
        )}
        {!isSettled && (
          <span class="marks">
            <label>
              <input type="radio" name={`tanda-${code}`} checked={mark.is === 'good'} onChange={() => onMark({ ...mark, is: 'good' })} />
              Sesuai
            </label>
            <label>
              <input
                type="radio"
                name={`tanda-${code}`}
                checked={mark.is === 'lacking'}
                onChange={() => onMark({ ...mark, is: 'lacking' })}
              />
              Kurang
            </label>
          </span>
        )}
      </div>
      {!isSettled && mark.is === 'lacking' && (
        <TextField
          label="Apa yang kurang"
          hint="Tercetak pada pemberitahuan kepada pemohon; jangan menulis data pribadi."
          value={mark.note}
          onValue={(value) => onMark({ ...mark, note: value })}
          maxLength={300}
          isOptional
        />
      )}
    </fieldset>
  )
}
