// Money as it is typed, and a tariff's formula as it is read.  Pure.
import { fieldsOf, type Schema } from '../../ui/schema'

/** "150.000", "Rp 150 000" → 150000; nothing typed or no number: undefined. */
export function typedRupiah(text: string): number | undefined {
  const bare = text.replace(/^\s*rp/i, '').replace(/[.\s]/g, '')
  return /^\d{1,12}$/.test(bare) ? Number(bare) : undefined
}

const grouped = new Intl.NumberFormat('id-ID')

/** What is typed, with the dots of thousands as the officer goes on. */
export function groupTyped(text: string): string {
  const value = typedRupiah(text)
  return value === undefined ? text : grouped.format(value)
}

const NOTES = [5_000, 10_000, 20_000, 50_000, 100_000]

/** What people usually hand over for an amount: exactly it, and the next ones that notes make. */
export function usualCash(amount: number): number[] {
  const rounded = NOTES.map((note) => Math.ceil(amount / note) * note)
  return [...new Set([amount, ...rounded])].sort((a, b) => a - b).slice(0, 5)
}

/** "length_m * width_m * 500" → "Panjang jalan × Lebar jalan × 500", "40.5 * 6" → "40,5 × 6". */
export function formulaWords(formula: string, schema: Schema | undefined): string {
  const labels = new Map(schema ? fieldsOf(schema).map(({ name, label }) => [name, label]) : [])
  return formula
    .replace(/[A-Za-z_][A-Za-z0-9_]*/g, (name) => labels.get(name) ?? name.replace(/_/g, ' '))
    .replace(/\s*\*\s*/g, ' × ')
    .replace(/\s*\/\s*/g, ' ÷ ')
    .replace(/\d+(\.\d+)?/g, (number) => grouped.format(Number(number)))
}
