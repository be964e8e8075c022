// Whether the file may go on after the visit.
import { fieldId } from '../../ui/parts'
import type { Draft } from './draft'

const choices: ReadonlyArray<readonly [Draft['result'], string]> = [
  ['ok', 'Dapat diteruskan'],
  ['rejected', 'Ditolak'],
]

export function ResultField({
  value,
  onValue,
  error,
}: {
  value: Draft['result']
  onValue: (value: Draft['result']) => void
  error: string | undefined
}) {
  const id = fieldId('/result')
  return (
    <fieldset class={error ? 'field wrong' : 'field'} {...(error ? { 'aria-describedby': `${id}-error` } : {})}>
      <legend>Kesimpulan</legend>
      {error && (
        <p class="error" id={`${id}-error`}>
          {error}
        </p>
      )}
      {choices.map(([one, words], at) => (
        <label class="option" key={one}>
          <input type="radio" id={at === 0 ? id : undefined} name={id} checked={value === one} onChange={() => onValue(one)} />
          {words}
        </label>
      ))}
    </fieldset>
  )
}
