// A file as every desk reads it: who asks, what was answered in the form, which papers lie in it.
import { ask, bytes, type Reply } from '../api'
import { date, moment } from '../format'
import { useLoad } from '../hooks'
import { openPaper, type DeskPaper } from './desk'
import { Badge, Facts } from './parts'
import { fieldsOf, type Schema } from './schema'

export type Case = Reply<'intake.application.get'>
export type Requirement = Case['requirements'][number]

/** The papers of the file that were uploaded, in the order of the checklist. */
export const requirementPapers = (requirements: readonly Requirement[]): DeskPaper[] =>
  requirements.flatMap(({ code, name, file }) =>
    file ? [{ key: code, title: name, load: () => bytes('archive.file.get', { file }) }] : [],
  )

/** How a requirement was met, in words. */
export function broughtWords({ file, original_seen, missing, mandatory }: Requirement): string {
  if (file) return original_seen ? 'Ada berkas; aslinya diperlihatkan di loket' : 'Ada berkas'
  if (original_seen) return 'Aslinya diperlihatkan di loket'
  return missing || mandatory ? 'Belum ada' : 'Tidak dibawa (tidak wajib)'
}

/** What was asked for and how it was met; what was uploaded opens among the papers of the desk. */
export function Requirements({ file }: { file: Case }) {
  return (
    <section class="card" aria-labelledby="persyaratan">
      <h2 id="persyaratan">Persyaratan</h2>
      <ul class="checks">
        {file.requirements.map((requirement) => (
          <li key={requirement.code}>
            {requirement.name}{' '}
            <Badge tone={requirement.missing ? 'warn' : requirement.file || requirement.original_seen ? 'good' : 'plain'}>
              {broughtWords(requirement)}
            </Badge>{' '}
            {requirement.file && (
              <button type="button" class="linklike" onClick={() => openPaper(requirement.code)}>
                Lihat<span class="hidden-visually"> {requirement.name}</span>
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** The applicant; whoever may not read persons does not get this part from the server. */
export function ApplicantFacts({ file }: { file: Case }) {
  const { applicant, acting_for } = file
  if (!applicant) return null
  return (
    <Facts
      rows={[
        ['Nama', <bdi>{applicant.name}</bdi>],
        ['NIK', applicant.nik],
        ['Tempat, tanggal lahir', `${applicant.birth_place}, ${date(applicant.birth_date)}`],
        ['Jenis kelamin', applicant.sex === 'P' ? 'Perempuan' : 'Laki-laki'],
        ['Pekerjaan', applicant.job],
        ['Alamat', applicant.address],
        ['Telepon', applicant.phone],
        ['Surel', applicant.email],
        ['Diurus oleh', acting_for && `${acting_for.name} (NIK ${acting_for.nik}), ${acting_for.relation}`],
        ['Diambil oleh', applicant.collector && `${applicant.collector.name} (NIK ${applicant.collector.nik})`],
      ]}
    />
  )
}

const number = new Intl.NumberFormat('id-ID', { maximumFractionDigits: 6 })

/** An answer as people write it; dates and moments are known by their form. */
export function answerWords(value: unknown): string {
  if (value === true) return 'Ya'
  if (value === false) return 'Tidak'
  if (typeof value === 'number') return number.format(value)
  if (Array.isArray(value)) return value.map(answerWords).join('; ')
  if (typeof value === 'object' && value !== null) return Object.values(value).map(answerWords).join(', ')
  const text = String(value ?? '')
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return date(text)
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) ? moment(text) : text
}

/** What was answered, under the labels of the form; answers that the schema does not name stay visible under their own. */
export function Answers({ schema, values }: { schema: Schema | undefined; values: Record<string, unknown> | undefined }) {
  const fields = schema ? fieldsOf(schema) : []
  const order = [...fields.map(({ name }) => name), ...Object.keys(values ?? {})]
  const labelOf = (name: string) => fields.find((field) => field.name === name)?.label ?? name
  return <Facts rows={[...new Set(order)].map((name) => [labelOf(name), values?.[name] === undefined ? '' : answerWords(values[name])])} />
}

/** The form of a service as it is today: for labels, so a version that is no longer in force does no harm. */
export function useFormSchema(service: string | undefined): Schema | undefined {
  return useLoad(async () => (service ? ((await ask('intake.service.get', { service })).form_schema as Schema) : undefined), [service])
    .value
}
