// A registration that was sent without anybody at the desk and refused: it becomes a form again, with its files.
import type { Entry } from '../../offline/outbox'
import { typedOf, type Schema } from '../../ui/schema'
import { emptyActing, emptyPerson, type Draft, type Paper } from './draft'
import { drafts } from './drafts'
import type { RegisterBody } from './submit'

function papersOf(entry: Entry, body: RegisterBody): Record<string, Paper> {
  return Object.fromEntries(
    body.requirements.map((one, index): [string, Paper] => {
      const sent = entry.files.find((file) => file.at === `/requirements/${index}/file`)
      const file = sent?.file ?? (one.file || undefined)
      return [
        one.code,
        {
          isSeen: one.original_seen ?? false,
          note: one.note ?? '',
          ...(sent ? { name: sent.name } : file ? { name: 'berkas' } : {}),
          ...(file ? { file } : {}),
          ...(sent?.blob ? { blob: sent.blob, size: sent.blob.size } : {}),
        },
      ]
    }),
  )
}

/** The draft for an entry of the outbox; what was changed since is kept. */
export async function draftOf(entry: Entry, service: { name: string; form_schema: unknown }): Promise<Draft> {
  const before = await drafts.find(entry.id)
  if (before) return before
  const body = entry.body as RegisterBody
  return {
    id: entry.id,
    key: entry.key,
    owner: entry.account,
    kecamatan: body.kecamatan,
    service: body.service,
    serviceName: service.name,
    person: { ...emptyPerson, ...body.applicant },
    ...(body.acting_for ? { acting: { ...emptyActing, ...body.acting_for } } : {}),
    form: typedOf(service.form_schema as Schema, body.form),
    papers: papersOf(entry, body),
    isCorrection: true,
  }
}
