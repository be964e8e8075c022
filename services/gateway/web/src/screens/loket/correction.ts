// A registration that was sent without anybody at the desk and refused: it becomes a form again, with its files.
import type { Entry } from '../../offline/outbox'
import { session } from '../../session'
import { typedOf, type Schema } from '../../ui/schema'
import { emptyActing, emptyPerson, noPaper, type Draft, type Paper } from './draft'
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

/** The draft for an entry of the outbox; what was typed since in this window is kept, bytes come from the device. */
export function draftOf(entry: Entry, service: { name: string; form_schema: unknown }): Draft {
  const body = entry.body as RegisterBody
  const papers = papersOf(entry, body)
  const before = drafts.find(entry.id)
  if (before) {
    const lost = Object.entries(before.papers).filter(([code, paper]) => paper.trouble && papers[code])
    return { ...before, papers: { ...before.papers, ...Object.fromEntries(lost.map(([code]) => [code, papers[code] ?? noPaper])) } }
  }
  return {
    id: entry.id,
    key: entry.key,
    owner: session.current()?.username ?? '',
    kecamatan: body.kecamatan,
    service: body.service,
    serviceName: service.name,
    person: { ...emptyPerson, ...body.applicant },
    ...(body.acting_for ? { acting: { ...emptyActing, ...body.acting_for } } : {}),
    form: typedOf(service.form_schema as Schema, body.form),
    papers,
    isTouched: true,
  }
}
