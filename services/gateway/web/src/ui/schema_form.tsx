// A form made from a JSON Schema: one control for each field, titles and hints from the schema.  What the fields are and
// what is wrong with them: schema.ts.
import { rupiah } from '../format'
import { faultAt } from './faults'
import { Button, Field, fieldId, SelectField, TextField } from './parts'
import { emptyOf, fieldsOf, member, numberOf, type Fault, type Schema, type SchemaField, type Typed } from './schema'

interface Wiring {
  faults: readonly Fault[]
  /** JSON Pointer of the value that the fields belong to. */
  at: string
}

interface SchemaFieldsProps extends Wiring {
  schema: Schema
  typed: Typed
  onTyped: (typed: Typed) => void
}

/** The fields of an object, in the order of the schema. */
export function SchemaFields({ schema, typed, onTyped, faults, at }: SchemaFieldsProps) {
  const given = typeof typed === 'object' && !Array.isArray(typed) ? typed : {}
  return (
    <>
      {fieldsOf(schema).map((field) => (
        <OneField
          key={field.name}
          field={field}
          typed={member(given, field.name)}
          onTyped={(next) => onTyped({ ...given, [field.name]: next })}
          faults={faults}
          at={`${at}/${field.name}`}
        />
      ))}
    </>
  )
}

interface OneFieldProps extends Wiring {
  field: SchemaField
  typed: Typed
  onTyped: (typed: Typed) => void
}

function OneField({ field, typed, onTyped, faults, at }: OneFieldProps) {
  const text = typeof typed === 'string' ? typed : ''
  const shared = { label: field.label, hint: field.hint, error: faultAt(faults, at), isOptional: !field.isRequired, at }
  switch (field.kind) {
    case 'group':
      return <Group field={field} typed={typed} onTyped={onTyped} faults={faults} at={at} />
    case 'list':
      return <List field={field} typed={typed} onTyped={onTyped} faults={faults} at={at} />
    case 'truth':
      return <Truth field={field} typed={typed} onTyped={onTyped} faults={faults} at={at} />
    case 'choice':
      return (
        <SelectField
          {...shared}
          value={text}
          onValue={onTyped}
          choices={[['', 'Pilih…'], ...(field.schema.enum ?? []).map((one) => [String(one), String(one)] as const)]}
        />
      )
    case 'number':
      return <TextField {...shared} value={text} onValue={onTyped} inputMode="decimal" />
    case 'rupiah':
      return <TextField {...shared} hint={rupiahHint(field, text)} value={text} onValue={onTyped} inputMode="numeric" />
    case 'long':
      return (
        <Field {...shared}>
          {(control) => <textarea {...control} rows={3} value={text} onInput={(event) => onTyped(event.currentTarget.value)} />}
        </Field>
      )
    case 'date':
    case 'email':
    case 'text':
      return <TextField {...shared} value={text} onValue={onTyped} type={field.kind} />
  }
}

/** The amount as it is understood, so that a nought too many is seen. */
function rupiahHint(field: SchemaField, text: string): string {
  const amount = numberOf(text)
  return [field.hint, amount === undefined ? 'dalam rupiah' : rupiah(amount)].filter(Boolean).join(' · ')
}

/** Yes or no, and not yet answered: a single tick could not tell the last two apart. */
function Truth({ field, typed, onTyped, faults, at }: OneFieldProps) {
  const error = faultAt(faults, at)
  const described = [field.hint && `${fieldId(at)}-hint`, error && `${fieldId(at)}-error`].filter(Boolean).join(' ')
  return (
    <fieldset class={error ? 'field wrong' : 'field'} {...(described ? { 'aria-describedby': described } : {})}>
      <legend>
        {field.label}
        {!field.isRequired && <span class="soft"> (boleh kosong)</span>}
      </legend>
      {field.hint && (
        <p class="hint" id={`${fieldId(at)}-hint`}>
          {field.hint}
        </p>
      )}
      {error && (
        <p class="error" id={`${fieldId(at)}-error`}>
          {error}
        </p>
      )}
      {[true, false].map((answer) => (
        <label class="option" key={String(answer)}>
          <input
            type="radio"
            id={answer ? fieldId(at) : undefined}
            name={fieldId(at)}
            checked={typed === answer}
            onChange={() => onTyped(answer)}
          />
          {answer ? 'Ya' : 'Tidak'}
        </label>
      ))}
    </fieldset>
  )
}

function Group({ field, typed, onTyped, faults, at }: OneFieldProps) {
  return (
    <fieldset id={fieldId(at)} tabIndex={-1}>
      <legend>{field.label}</legend>
      {field.hint && <p class="hint">{field.hint}</p>}
      <SchemaFields schema={field.schema} typed={typed} onTyped={onTyped} faults={faults} at={at} />
    </fieldset>
  )
}

/** As many of one kind as are wanted. */
function List({ field, typed, onTyped, faults, at }: OneFieldProps) {
  const entries = Array.isArray(typed) ? typed : []
  const items = field.schema.items ?? {}
  const error = faultAt(faults, at)
  const replace = (index: number, next: Typed) => onTyped(entries.map((one, where) => (where === index ? next : one)))
  return (
    <fieldset id={fieldId(at)} tabIndex={-1} class={error ? 'field wrong' : 'field'}>
      <legend>
        {field.label}
        {!field.isRequired && <span class="soft"> (boleh kosong)</span>}
      </legend>
      {field.hint && <p class="hint">{field.hint}</p>}
      {error && <p class="error">{error}</p>}
      {entries.map((entry, index) => (
        <div class="entry" key={index} role="group" aria-label={`${field.label} ${index + 1}`}>
          {items.properties ? (
            <SchemaFields schema={items} typed={entry} onTyped={(next) => replace(index, next)} faults={faults} at={`${at}/${index}`} />
          ) : (
            <OneField
              field={{ ...fieldsOf({ properties: { entri: items }, required: ['entri'] })[0]!, label: `${field.label} ${index + 1}` }}
              typed={entry}
              onTyped={(next) => replace(index, next)}
              faults={faults}
              at={`${at}/${index}`}
            />
          )}
          <Button tone="quiet" onClick={() => onTyped(entries.filter((_, where) => where !== index))}>
            Hapus {field.label.toLowerCase()} {index + 1}
          </Button>
        </div>
      ))}
      {entries.length < (field.schema.maxItems ?? Infinity) && (
        <Button tone="quiet" onClick={() => onTyped([...entries, emptyOf(items)])}>
          Tambah {field.label.toLowerCase()}
        </Button>
      )}
    </fieldset>
  )
}
