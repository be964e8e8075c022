// The one way by which a registration leaves this desk.  Files first, then the command under the key that was made with the
// first letter: sent again after a broken line it still happens once.
import { command, upload, type Body, type Reply } from '../../api'
import { isBrought, type Paper } from './draft'

export type Registered = Reply<'intake.application.register'>
type Provided = Body<'intake.application.register'>['requirements'][number]

/** One requirement as it is sent: its file is in the archive already, or its bytes still have to go there. */
export interface Provision {
  code: string
  original_seen?: true
  note?: string
  file?: string
  blob?: Blob
  name?: string
}

export interface Registration {
  key: string
  body: Omit<Body<'intake.application.register'>, 'requirements'>
  provisions: Provision[]
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
const underway = new WeakMap<Blob, Promise<string>>()

/** The file's id in the archive. */
export function uploadOnce(blob: Blob, name: string, kecamatan: string, onSent?: (part: number) => void): Promise<string> {
  const running = underway.get(blob)
  if (running) return running
  const started = upload(blob, { purpose: 'requirement', kecamatan, name }, onSent).then((kept) => kept.file)
  underway.set(blob, started)
  started.catch(() => underway.delete(blob))
  return started
}

/** What the API wants of the papers; uploads whatever is not there yet. */
export async function uploadAll(provisions: readonly Provision[], kecamatan: string): Promise<Provided[]> {
  const provided: Provided[] = []
  for (const { blob, name, ...rest } of provisions)
    provided.push(blob ? { ...rest, file: await uploadOnce(blob, name ?? 'berkas', kecamatan) } : rest)
  return provided
}

export async function submitRegistration({ key, body, provisions }: Registration): Promise<Registered> {
  const requirements = await uploadAll(provisions, body.kecamatan)
  return command('intake.application.register', { body: { ...body, requirements }, key })
}
