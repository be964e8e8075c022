// What a form's JSON Schema asks, without a screen: which fields there are, what has been typed as a value, and what is
// wrong with it, in the words in which the server would refuse it (services/intake/intake_form_words.c).  Conditions that
// are not known here (if, allOf, …) are left to the server.
import { oneLine, unprintableWords } from '../printable'

/** The part of JSON Schema that forms use; `x-` members are ours. */
export interface Schema {
  type?: string
  title?: string
  description?: string
  'x-label'?: string
  'x-hint'?: string
  'x-unit'?: string
  const?: unknown
  enum?: unknown[]
  default?: unknown
  minLength?: number
  maxLength?: number
  pattern?: string
  format?: string
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  exclusiveMaximum?: number
  multipleOf?: number
  items?: Schema
  minItems?: number
  maxItems?: number
  properties?: Record<string, Schema>
  required?: string[]
  dependentRequired?: Record<string, string[]>
}

/** As it stands in the controls: texts for whatever is typed; '' is empty. */
export type Typed = string | boolean | Typed[] | { [name: string]: Typed }

export interface Fault {
  at: string // JSON Pointer
  words: string
}

export type Kind = 'text' | 'long' | 'email' | 'date' | 'number' | 'rupiah' | 'choice' | 'truth' | 'list' | 'group'

export interface SchemaField {
  name: string
  schema: Schema
  kind: Kind
  label: string
  hint?: string
  isRequired: boolean
}

const LONG_TEXT = 300

export function kindOf(schema: Schema, name = ''): Kind {
  if (schema.enum) return 'choice'
  switch (schema.type) {
    case 'boolean':
      return 'truth'
    case 'array':
      return 'list'
    case 'object':
      return 'group'
    case 'integer':
    case 'number':
      return name.endsWith('_rupiah') || schema['x-unit'] === 'Rp' ? 'rupiah' : 'number'
    default:
      if (schema.format === 'date' || schema.format === 'email') return schema.format
      return (schema.maxLength ?? 0) > LONG_TEXT ? 'long' : 'text'
  }
}

export const labelOf = (schema: Schema, name: string): string => schema['x-label'] ?? schema.title ?? name

export function fieldsOf(schema: Schema): SchemaField[] {
  const required = new Set(schema.required ?? [])
  return Object.entries(schema.properties ?? {}).map(([name, one]) => {
    const unit = one['x-unit'] && one['x-unit'] !== 'Rp' && !labelOf(one, name).includes(`(${one['x-unit']})`) ? ` (${one['x-unit']})` : ''
    const hint = one['x-hint'] ?? one.description
    return {
      name,
      schema: one,
      kind: kindOf(one, name),
      label: labelOf(one, name) + unit,
      ...(hint ? { hint } : {}),
      isRequired: required.has(name),
    }
  })
}

/** "1.500" and "1.500,5" as Indonesia writes them, "40,5" and "40.5"; nothing when it is no number. */
export function numberOf(text: string): number | undefined {
  const bare = text.replace(/\s|Rp/g, '')
  const plain = /^-?\d{1,3}(\.\d{3})+(,\d+)?$/.test(bare) ? bare.replace(/\./g, '').replace(',', '.') : bare.replace(',', '.')
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : undefined
}

/** Nothing typed at all. */
export function emptyOf(schema: Schema): Typed {
  switch (kindOf(schema)) {
    case 'group':
      return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, one]) => [name, emptyOf(one)]))
    case 'list':
      return []
    default:
      return ''
  }
}

export const member = (typed: Typed | undefined, name: string): Typed =>
  typeof typed === 'object' && !Array.isArray(typed) ? (typed[name] ?? '') : ''

/** A value that is there already, as it would have been typed. */
export function typedOf(schema: Schema, value: unknown): Typed {
  if (value === undefined || value === null) return emptyOf(schema)
  if (Array.isArray(value)) return value.map((one) => typedOf(schema.items ?? {}, one))
  if (typeof value === 'object')
    return Object.fromEntries(
      Object.entries(schema.properties ?? {}).map(([name, one]) => [name, typedOf(one, (value as Record<string, unknown>)[name])]),
    )
  if (typeof value === 'number') return String(value).replace('.', ',')
  return typeof value === 'boolean' ? value : String(value)
}

/** What is sent for what has been typed; undefined: nothing.  What is no number stays text: the server says so. */
export function valueOf(schema: Schema, typed: Typed): unknown {
  if (Array.isArray(typed)) {
    const entries = typed.map((one) => valueOf(schema.items ?? {}, one)).filter((one) => one !== undefined)
    return entries.length > 0 ? entries : undefined
  }
  if (typeof typed === 'object') {
    const entries = Object.entries(schema.properties ?? {})
      .map(([name, one]) => [name, valueOf(one, typed[name] ?? '')] as const)
      .filter(([, value]) => value !== undefined)
    return entries.length > 0 ? Object.fromEntries(entries) : undefined
  }
  if (typeof typed === 'boolean') return typed
  const text = oneLine(typed)
  if (text === '') return undefined
  if (schema.enum) return schema.enum.find((one) => String(one) === text) ?? text
  return schema.type === 'integer' || schema.type === 'number' ? (numberOf(text) ?? text) : text
}

const figure = (value: number): string => String(value).replace('.', ',')

function numberRule(schema: Schema, value: unknown): string | undefined {
  if (typeof value !== 'number') return schema.type === 'integer' ? 'harus berupa bilangan bulat' : 'harus berupa angka'
  if (schema.type === 'integer' && !Number.isInteger(value)) return 'harus berupa bilangan bulat'
  if (schema.minimum !== undefined && value < schema.minimum) return `paling kecil ${figure(schema.minimum)}`
  if (schema.maximum !== undefined && value > schema.maximum) return `paling besar ${figure(schema.maximum)}`
  if (schema.exclusiveMinimum !== undefined && value <= schema.exclusiveMinimum)
    return `harus lebih dari ${figure(schema.exclusiveMinimum)}`
  if (schema.exclusiveMaximum !== undefined && value >= schema.exclusiveMaximum)
    return `harus kurang dari ${figure(schema.exclusiveMaximum)}`
  const times = schema.multipleOf ? value / schema.multipleOf : 0
  return Math.abs(times - Math.round(times)) > 1e-9 ? `harus kelipatan ${figure(schema.multipleOf ?? 0)}` : undefined
}

function fits(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(text)
  } catch {
    return true // the server has the last word
  }
}

function textRule(schema: Schema, text: string): string | undefined {
  const length = [...text].length
  if (schema.minLength !== undefined && length < schema.minLength) return `paling sedikit ${schema.minLength} karakter`
  if (schema.maxLength !== undefined && length > schema.maxLength) return `paling banyak ${schema.maxLength} karakter`
  if (schema.pattern && !fits(schema.pattern, text)) return 'penulisannya tidak sesuai'
  if (schema.format === 'email' && !/^\S+@\S+\.\S+$/.test(text)) return 'harus berupa alamat email'
  if (schema.format === 'date' && !/^\d{4}-\d\d-\d\d$/.test(text)) return 'harus berupa tanggal'
  return unprintableWords(text)
}

function listFaults(schema: Schema, typed: Typed[], at: string, label: string): Fault[] {
  const faults = typed.flatMap((one, index) => faultsOfOne(schema.items ?? {}, one, `${at}/${index}`, `${label} ${index + 1}`, true))
  if (schema.minItems !== undefined && typed.length < schema.minItems)
    faults.unshift({ at, words: `${label} paling sedikit ${schema.minItems} entri.` })
  if (schema.maxItems !== undefined && typed.length > schema.maxItems)
    faults.unshift({ at, words: `${label} paling banyak ${schema.maxItems} entri.` })
  return faults
}

/** What is wrong with one value; nothing typed is wrong only where something is required. */
function faultsOfOne(schema: Schema, typed: Typed, at: string, label: string, isRequired: boolean): Fault[] {
  const value = valueOf(schema, typed)
  if (value === undefined) return isRequired ? [{ at, words: `${label} wajib diisi.` }] : []
  if (Array.isArray(typed)) return listFaults(schema, typed, at, label)
  if (typeof typed === 'object') return faultsOf(schema, typed, at)
  const rule =
    schema.type === 'integer' || schema.type === 'number'
      ? numberRule(schema, value)
      : schema.enum && !schema.enum.includes(value)
        ? 'harus salah satu pilihan yang ada'
        : typeof value === 'string'
          ? textRule(schema, value)
          : undefined
  return rule === undefined ? [] : [{ at, words: `${label} ${rule}.` }]
}

/** Everything that is wrong with what has been typed into a form, in the order of its fields. */
export function faultsOf(schema: Schema, typed: Typed, at = ''): Fault[] {
  const faults = fieldsOf(schema).flatMap((field) =>
    faultsOfOne(field.schema, member(typed, field.name), `${at}/${field.name}`, labelOf(field.schema, field.name), field.isRequired),
  )
  for (const [name, others] of Object.entries(schema.dependentRequired ?? {})) {
    const one = schema.properties?.[name]
    if (!one || valueOf(one, member(typed, name)) === undefined) continue
    for (const other of others) {
      const missing = schema.properties?.[other]
      if (!missing || valueOf(missing, member(typed, other)) !== undefined || faults.some((fault) => fault.at === `${at}/${other}`))
        continue
      faults.push({ at: `${at}/${other}`, words: `${labelOf(missing, other)} wajib diisi bila ${labelOf(one, name)} diisi.` })
    }
  }
  return faults
}
