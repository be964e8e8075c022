// What the operator may type for a document, and what of it is sent: only what differs from the applicant's form, so that
// the draft keeps saying whose words are whose.
import type { Reply } from '../../api'
import { answerWords } from '../../ui/case_facts'
import { labelOf, member, typedOf, valueOf, type Schema, type Typed } from '../../ui/schema'

export type Draft = Reply<'document.draft.get'>

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

/** "applicant.job" → "job", the name under which it would be typed. */
const lastPart = (field: string): string => field.slice(field.lastIndexOf('.') + 1)

const givenSchema = (draft: Draft): Schema => (typeof draft.data_schema === 'object' ? draft.data_schema : {}) as Schema

/** The service's schema for operators, in the order in which the form asks; what is not in the form comes last.  What the
 * template cannot do without is required, whatever the schema says. */
export function deskSchema(draft: Draft, form: Schema | undefined): Schema {
  const given = givenSchema(draft)
  const properties = given.properties ?? {}
  const order = [...Object.keys(form?.properties ?? {}), ...Object.keys(properties).sort()].filter((name) => name in properties)
  const needed = draft.template.fields.filter(({ field, optional }) => !optional && field.startsWith('form.')).map(({ field }) => field)
  const required = [...(given.required ?? []), ...[...needed, ...draft.missing].map(lastPart)].filter((name) => name in properties)
  return {
    ...given,
    required: [...new Set(required)],
    properties: Object.fromEntries([...new Set(order)].map((name) => [name, properties[name] ?? {}])),
  }
}

/** As it stands when the file comes to the desk: what was typed the last time, else what the form says. */
export function beginning(schema: Schema, draft: Draft, form: Record<string, unknown>): Typed {
  return typedOf(schema, { ...form, ...draft.filled })
}

/** The schema with a hint wherever the document will say something else than the form. */
export function withOrigins(schema: Schema, typed: Typed, form: Record<string, unknown>): Schema {
  const properties = Object.entries(schema.properties ?? {}).map(([name, one]) => {
    const original = form[name]
    const value = valueOf(one, member(typed, name))
    if (original === undefined || same(value, original)) return [name, one] as const
    const origin =
      value === undefined && !schema.required?.includes(name)
        ? `Dikosongkan: dokumen memakai isian permohonan (${answerWords(original)}).`
        : `Isian permohonan: ${answerWords(original)}`
    return [name, { ...one, 'x-hint': [one['x-hint'], origin].filter(Boolean).join(' · ') }] as const
  })
  return { ...schema, properties: Object.fromEntries(properties) }
}

/** What is sent. */
export function dataOf(draft: Draft, typed: Typed, form: Record<string, unknown>): Record<string, unknown> {
  const { properties = {}, required = [] } = givenSchema(draft)
  return Object.fromEntries(
    Object.entries(properties)
      .map(([name, one]) => [name, valueOf(one, member(typed, name))] as const)
      .filter(([name, value]) => value !== undefined && (required.includes(name) || !same(value, form[name]))),
  )
}

/** What the template needs and neither the file nor this form can say: "applicant.job". */
export const unfillable = (draft: Draft, schema: Schema): string[] => draft.missing.filter((field) => !schema.properties?.[lastPart(field)])

const fieldWords: Record<string, string> = {
  'applicant.job': 'Pekerjaan pemohon',
  'applicant.phone': 'Telepon pemohon',
  'applicant.email': 'Surel pemohon',
  'applicant.region': 'Wilayah pemohon',
}

/** A template's field in an officer's words, as far as there are any. */
export function wordsOfField(field: string, form: Schema | undefined): string {
  const name = lastPart(field)
  const one = form?.properties?.[name]
  return fieldWords[field] ?? (one ? labelOf(one, name) : field)
}

/** Measured and derived facts that the template prints, for the operator to see: [name, value]. */
export function printedFacts(draft: Draft): Array<[string, unknown]> {
  const facts = (draft.data['facts'] ?? {}) as Record<string, unknown>
  const names = draft.template.fields.map(({ field }) => field).filter((field) => field.startsWith('facts.'))
  return [...new Set(names)].map((field) => field.slice('facts.'.length)).flatMap((name) => (name in facts ? [[name, facts[name]]] : []))
}
