// The one way by which a registration leaves this desk: through the outbox, which writes it down on the device before it
// sends anything, so that a broken line or a closed browser loses nothing and nothing happens twice.
import { upload, type Body, type Reply } from '../../api'
import { outbox, type Entry, type OutboxFile } from '../../offline/outbox'
import { isBrought, type Paper } from './draft'

export type RegisterBody = Body<'intake.application.register'>
export type Registered = Reply<'intake.application.register'>
type Provided = RegisterBody['requirements'][number]

/** One requirement as it is sent: its file is in the archive already, or its bytes still have to go there. */
export interface Provision {
  code: string
  original_seen?: true
  note?: string
  file?: string
  blob?: Blob
  name?: string
}

/** What was brought, in the order of the service's list: a refusal names an entry by its place. */
export function provisionsOf(codes: readonly string[], papers: Record<string, Paper>): Provision[] {
  return codes.flatMap((code) => {
    const paper = papers[code]
    if (!paper || !isBrought(paper)) return []
    return [
      {
        code,
        ...(paper.isSeen ? { original_seen: true as const } : {}),
        ...(paper.note.trim() ? { note: paper.note.trim() } : {}),
        ...(paper.file ? { file: paper.file } : paper.blob ? { blob: paper.blob, name: paper.name ?? 'berkas' } : {}),
      },
    ]
  })
}

// A file that is on its way already is waited for, not sent twice.
const underway = new WeakMap<Blob, { file: Promise<string>; cut: AbortController }>()
const arrived = new WeakMap<Blob, string>()

/** The file's id in the archive. */
export function uploadOnce(blob: Blob, name: string, kecamatan: string, onSent?: (part: number) => void): Promise<string> {
  const running = underway.get(blob)
  if (running) return running.file
  const cut = new AbortController()
  const file = upload(blob, { purpose: 'requirement', kecamatan, name }, { onSent, signal: cut.signal }).then((kept) => {
    arrived.set(blob, kept.file)
    return kept.file
  })
  underway.set(blob, { file, cut })
  file.catch(() => underway.delete(blob))
  return file
}

/** What the API wants of the papers; uploads whatever is not there yet. */
export async function uploadAll(provisions: readonly Provision[], kecamatan: string): Promise<Provided[]> {
  const provided: Provided[] = []
  for (const { blob, name, ...rest } of provisions)
    provided.push(blob ? { ...rest, file: await uploadOnce(blob, name ?? 'berkas', kecamatan) } : rest)
  return provided
}

export interface Registration {
  /** The idempotency key, made with the first letter of the form. */
  key: string
  serviceName: string
  body: Omit<RegisterBody, 'requirements'>
  provisions: readonly Provision[]
  /** The refused entry of the outbox that this one corrects. */
  replaces?: string
}

/** What stands on a provisional receipt until the server gives a number. */
export const temporaryNumber = (key: string): string => `SEMENTARA-${key.replace(/-/g, '').slice(0, 6).toUpperCase()}`

type Waiting = Omit<OutboxFile, 'blob' | 'file'> & { blob: Blob }

/** Registered, or written down on the device until the line is back; a refusal is thrown. */
export async function submitRegistration(
  registration: Registration,
): Promise<{ state: 'done'; reply: Registered } | { state: 'waiting'; entry: Entry }> {
  const { key, serviceName, body, provisions, replaces } = registration
  const files: Waiting[] = []
  const requirements: Provided[] = []
  for (const { blob, name = 'berkas', ...rest } of provisions) {
    const file = blob && arrived.get(blob)
    if (blob && !file) {
      // Nothing is waited for before it is written down: what has not arrived goes with the registration, from the device.
      underway.get(blob)?.cut.abort()
      files.push({
        name,
        title: rest.code,
        blob,
        purpose: 'requirement',
        kecamatan: body.kecamatan,
        at: `/requirements/${requirements.length}/file`,
      })
    }
    requirements.push(blob ? { ...rest, file: file ?? '' } : rest)
  }
  return outbox.offer({
    kind: 'Pendaftaran',
    title: `${temporaryNumber(key)}, ${serviceName}, ${body.applicant.name}`,
    method: 'intake.application.register',
    key,
    body: { ...body, requirements },
    files,
    correctAt: '/loket?koreksi={entry}',
    doneAt: '/loket/permohonan/{application}',
    ...(replaces ? { replaces } : {}),
  })
}
