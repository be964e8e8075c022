// A filled-in form as labels and values.  The labels stand in the service's form; a field that today's version no longer
// has keeps its own name.
import { date, moment } from '../../format'

interface FieldSchema {
  title?: string
  format?: string
  'x-unit'?: string
}

const number = new Intl.NumberFormat('id-ID', { maximumFractionDigits: 4 })

/** One value as an officer reads it. */
export function valueWords(value: unknown, field: FieldSchema = {}): string {
  if (value === true) return 'Ya'
  if (value === false) return 'Tidak'
  if (typeof value === 'number') return [number.format(value), field['x-unit']].filter(Boolean).join(' ')
  if (Array.isArray(value)) return value.map((one) => valueWords(one)).join(', ')
  if (typeof value !== 'string') return value == null ? '' : JSON.stringify(value)
  if (field.format === 'date' && /^\d{4}-\d\d-\d\d$/.test(value)) return date(value)
  if (field.format === 'date-time' && !Number.isNaN(Date.parse(value))) return moment(value)
  return value
}

export function formRows(
  form: Record<string, unknown>,
  schema: Record<string, unknown> | undefined,
): Array<[label: string, value: string]> {
  const fields = (schema?.['properties'] ?? {}) as Record<string, FieldSchema>
  const names = [...Object.keys(fields), ...Object.keys(form).filter((name) => !(name in fields))]
  return names
    .filter((name) => name in form)
    .map((name) => [fields[name]?.title ?? name.replace(/_/g, ' '), valueWords(form[name], fields[name])])
}
