// Talking to the gateway: one function for questions, one for commands.  Refusals (RFC 9457) become `Problem`s whose
// `detail` is a sentence for the officer.  A command carries a key that its caller made: tried again under the same key
// it happens once.
import { addresses, type Methods } from './generated/api'
import { session } from './session'

export type Method = keyof Methods
export type Params<M extends Method> = Methods[M]['params']
export type Body<M extends Method> = Methods[M]['body']
export type Reply<M extends Method> = Methods[M]['reply']

export class Problem extends Error {
  constructor(
    readonly status: number, // 0: nobody answered
    readonly code: string,
    readonly detail: string,
    readonly field?: string, // JSON Pointer into the body
    readonly correlation?: string,
  ) {
    super(detail)
  }
  /** Nobody could be reached, or nobody was free: the same again, later, may succeed. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504
  }
}

export const NO_LINE = 'Tidak ada sambungan ke server. Periksa jaringan, lalu coba lagi.'

/** A new idempotency key; made on the device, kept until the command is known to be done. */
export const newKey = (): string => crypto.randomUUID()

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms))

function addressOf(method: Method, params: Record<string, unknown> = {}): [verb: string, target: string] {
  const [verb = 'GET', template = ''] = addresses[method].split(' ')
  const query = new URLSearchParams()
  let path = template
  for (const [name, value] of Object.entries(params)) {
    if (value === undefined || value === '') continue
    if (path.includes(`{${name}}`)) path = path.replace(`{${name}}`, encodeURIComponent(String(value)))
    else query.set(name, String(value))
  }
  return [verb, query.size ? `${path}?${query}` : path]
}

async function problemOf(response: Response): Promise<Problem> {
  const said = (await response.json().catch(() => ({}))) as Partial<Record<'code' | 'detail' | 'field' | 'correlation', string>>
  if (response.status === 401) session.expire()
  return new Problem(
    response.status,
    said.code ?? 'unreadable',
    said.detail ?? `Server menjawab ${response.status} tanpa penjelasan.`,
    said.field,
    said.correlation ?? response.headers.get('X-Correlation-Id') ?? undefined,
  )
}

async function send(
  verb: string,
  target: string,
  headers: Record<string, string>,
  body?: BodyInit,
  signal?: AbortSignal,
): Promise<Response> {
  const token = session.token()
  if (token) headers['Authorization'] = `Bearer ${token}`
  let response: Response
  try {
    response = await fetch(target, { method: verb, headers, ...(body === undefined ? {} : { body }), ...(signal ? { signal } : {}) })
  } catch {
    throw new Problem(0, 'no_line', NO_LINE)
  }
  if (!response.ok) throw await problemOf(response)
  return response
}

const json = async <T>(response: Response): Promise<T> => (response.status === 204 ? undefined : await response.json()) as T

/** Asks; changes nothing. */
export async function ask<M extends Method>(method: M, params?: Params<M>): Promise<Reply<M>> {
  const [verb, target] = addressOf(method, params)
  return json<Reply<M>>(await send(verb, target, { Accept: 'application/json' }))
}

/** A stream of what the gateway tells (live.ts); `signal` cuts it. */
export async function listenTo(target: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
  const { body } = await send('GET', target, { Accept: 'text/event-stream' }, undefined, signal)
  if (!body) throw new Problem(0, 'no_line', NO_LINE)
  return body
}

/** Does something, once: passing troubles are tried again under the same key, for about ten seconds. */
export async function command<M extends Method>(
  method: M,
  request: { params?: Params<M>; body: Body<M>; key?: string },
): Promise<Reply<M>> {
  const [verb, target] = addressOf(method, request.params)
  const key = request.key ?? newKey()
  for (let tried = 1; ; tried++) {
    try {
      const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': key }
      return await json<Reply<M>>(await send(verb, target, headers, JSON.stringify(request.body ?? {})))
    } catch (error) {
      if (!(error instanceof Problem) || !error.isPassing || error.status === 0 || tried === 5) throw error
      await pause(300 * 2 ** tried)
    }
  }
}

/** Bytes that only a signed-in officer may see (PDF, photographs); a plain <img src> could not carry the token. */
export async function bytes(method: Method, params: Record<string, unknown>): Promise<Blob> {
  const [verb, target] = addressOf(method, params)
  return (await send(verb, target, {})).blob()
}

/** A PDF that is made from what is sent along (a preview). */
export async function bytesFrom<M extends Method>(method: M, request: { params?: Params<M>; body: Body<M> }): Promise<Blob> {
  const [verb, target] = addressOf(method, request.params)
  return (await send(verb, target, { 'Content-Type': 'application/json' }, JSON.stringify(request.body))).blob()
}

/** What the caller says of a file; the gateway adds the rest (the upload's id, the size). */
export type FileParams = Pick<Params<'archive.upload.finish'>, 'purpose' | 'kecamatan' | 'name'>

/** Sends one file; what may be sent and for what purpose: proto/requests/archive.upload.finish.json.  `onSent` is told
 * which part of it has left, 0 to 1 (fetch cannot tell that, so this one is an XMLHttpRequest). */
export function upload(file: Blob, params: FileParams, onSent?: (part: number) => void): Promise<Reply<'archive.upload.finish'>> {
  const [verb, target] = addressOf('archive.upload.finish', params)
  const token = session.token()
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest()
    request.open(verb, target)
    request.setRequestHeader('Content-Type', file.type || 'application/octet-stream')
    if (token) request.setRequestHeader('Authorization', `Bearer ${token}`)
    request.upload.onprogress = (event) => event.lengthComputable && onSent?.(event.loaded / event.total)
    request.onerror = () => failed(new Problem(0, 'no_line', NO_LINE))
    request.onload = () => {
      const response = new Response(request.responseText, { status: request.status })
      if (response.ok) json<Reply<'archive.upload.finish'>>(response).then(done, failed)
      else problemOf(response).then(failed, failed)
    }
    request.send(file)
  })
}
