// Talking to the gateway: one function for questions, one for commands.  Refusals (RFC 9457) become `Problem`s whose
// `detail` is a sentence for the officer.  A command carries a key that its caller made: tried again under the same key
// it happens once.
import { addresses, type Methods } from '../generated/api'
import { session } from './session'

export type Method = keyof Methods
export type Params<M extends Method> = Methods[M]['params']
export type Body<M extends Method> = Methods[M]['body']
export type Reply<M extends Method> = Methods[M]['reply']

/** The server has looked at it and said no; what was asked under that key is not done any more. */
export const isFinal = (status: number): boolean => status >= 400 && status < 500 && ![401, 408, 429].includes(status)

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
export function newKey(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID()
  // Without https there is no randomUUID; the same from random bytes: 1 and 0 stand for any digit, 8 for 8 to b.
  return '10000000-1000-4000-8000-100000000000'.replace(/[018]/g, (digit) => {
    const [byte = 0] = crypto.getRandomValues(new Uint8Array(1))
    return (Number(digit) ^ (byte & (15 >> (Number(digit) / 4)))).toString(16)
  })
}

const refusedKeys = new Set<string>()

/** Asked again under this key, the server would say the same for a minute, even where the reason is gone: it takes a new one. */
export const wasRefused = (key: string): boolean => refusedKeys.has(key)

// A line that swallows what is sent must not keep an officer waiting; the gateway answers within 5 s.
const ANSWER_MS = 15_000
const BYTES_MS = 60_000 // a PDF over a slow line
const STREAM_MS = 40_000 // until a stream begins
const NO_PROGRESS_MS = 60_000

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

async function problemOf(response: Response, token: string | undefined): Promise<Problem> {
  const said = (await response.json().catch(() => ({}))) as Partial<Record<'code' | 'detail' | 'field' | 'correlation', string>>
  if (response.status === 401 && token) session.expire(token)
  return new Problem(
    response.status,
    said.code ?? 'unreadable',
    said.detail ?? `Server menjawab ${response.status} tanpa penjelasan.`,
    said.field,
    said.correlation ?? response.headers.get('X-Correlation-Id') ?? undefined,
  )
}

interface Sending {
  verb: string
  target: string
  headers: Record<string, string>
  body?: BodyInit
  signal?: AbortSignal
  /** Who asks, if it is not whoever is signed in now. */
  token?: string | undefined
  most_ms?: number
}

const noLine = () => new Problem(0, 'no_line', NO_LINE)

/** One request and what `read` makes of its answer, both within `most_ms`. */
async function send<T>(sending: Sending, read: (response: Response) => Promise<T>): Promise<T> {
  const { verb, target, headers, body, signal, token = session.token(), most_ms = ANSWER_MS } = sending
  if (token) headers['Authorization'] = `Bearer ${token}`
  const cut = new AbortController()
  if (signal?.aborted) cut.abort()
  signal?.addEventListener('abort', () => cut.abort())
  const timer = setTimeout(() => cut.abort(), most_ms)
  try {
    const response = await fetch(target, { method: verb, headers, signal: cut.signal, ...(body === undefined ? {} : { body }) })
    if (!response.ok) throw await problemOf(response, token)
    return await read(response)
  } catch (error) {
    if (error instanceof Problem || error instanceof SyntaxError) throw error
    throw noLine()
  } finally {
    clearTimeout(timer)
  }
}

const json = async <T>(response: Response): Promise<T> => (response.status === 204 ? undefined : await response.json()) as T
const blobOf = (response: Response): Promise<Blob> => response.blob()

/** Asks; changes nothing. */
export async function ask<M extends Method>(method: M, params?: Params<M>): Promise<Reply<M>> {
  const [verb, target] = addressOf(method, params)
  return send({ verb, target, headers: { Accept: 'application/json' } }, json<Reply<M>>)
}

/** Where citizens reach their pages, which need not be where officers reach the gateway. */
export async function publicAddress(): Promise<string> {
  const health = fetch('/v1/health').then((response) => response.json() as Promise<{ public_url?: string }>)
  return (await health.catch(() => undefined))?.public_url ?? location.origin
}

/** A stream of what the gateway tells (live.ts); `signal` cuts it. */
export async function listenTo(target: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
  const headers = { Accept: 'text/event-stream' }
  const body = await send({ verb: 'GET', target, headers, signal, most_ms: STREAM_MS }, async (response) => response.body)
  if (!body) throw noLine()
  return body
}

/** Does something, once: passing troubles are tried again under the same key, for about ten seconds, and as the officer who
 * began it: a key counts for its caller only, so that the same under another token would be done a second time. */
export async function command<M extends Method>(
  method: M,
  request: { params?: Params<M>; body: Body<M>; key?: string; token?: string },
): Promise<Reply<M>> {
  const [verb, target] = addressOf(method, request.params)
  const { key = newKey(), token = session.token() } = request
  const body = JSON.stringify(request.body ?? {})
  for (let tried = 1; ; tried++) {
    try {
      const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': key }
      return await send({ verb, target, headers, body, token }, json<Reply<M>>)
    } catch (error) {
      if (error instanceof Problem && isFinal(error.status)) refusedKeys.add(key)
      if (!(error instanceof Problem) || !error.isPassing || error.status === 0 || tried === 5) throw error
      await pause(300 * 2 ** tried)
    }
  }
}

/** Bytes that only a signed-in officer may see (PDF, photographs); a plain <img src> could not carry the token. */
export async function bytes(method: Method, params: Record<string, unknown>): Promise<Blob> {
  const [verb, target] = addressOf(method, params)
  return send({ verb, target, headers: {}, most_ms: BYTES_MS }, blobOf)
}

/** A PDF that is made from what is sent along (a preview). */
export async function bytesFrom<M extends Method>(method: M, request: { params?: Params<M>; body: Body<M> }): Promise<Blob> {
  const [verb, target] = addressOf(method, request.params)
  const headers = { 'Content-Type': 'application/json' }
  return send({ verb, target, headers, body: JSON.stringify(request.body), most_ms: BYTES_MS }, blobOf)
}

/** What the caller says of a file; the gateway adds the rest (the upload's id, the size). */
export type FileParams = Pick<Params<'archive.upload.finish'>, 'purpose' | 'kecamatan' | 'name'>

interface Uploading {
  /** Told which part of it has left, 0 to 1 (fetch cannot tell that, so this one is an XMLHttpRequest). */
  onSent?: ((part: number) => void) | undefined
  signal?: AbortSignal
  token?: string
}

/** Sends one file; what may be sent and for what purpose: proto/requests/archive.upload.finish.json. */
export function upload(file: Blob, params: FileParams, uploading: Uploading = {}): Promise<Reply<'archive.upload.finish'>> {
  const { onSent, signal, token = session.token() } = uploading
  const [verb, target] = addressOf('archive.upload.finish', params)
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest()
    let timer: ReturnType<typeof setTimeout>
    const moved = () => {
      clearTimeout(timer)
      timer = setTimeout(() => request.abort(), NO_PROGRESS_MS)
    }
    request.open(verb, target)
    request.setRequestHeader('Content-Type', file.type || 'application/octet-stream')
    if (token) request.setRequestHeader('Authorization', `Bearer ${token}`)
    request.upload.onprogress = (event) => {
      moved()
      if (event.lengthComputable) onSent?.(event.loaded / event.total)
    }
    request.onerror = request.onabort = () => failed(noLine())
    request.onload = () => {
      const response = new Response(request.responseText, { status: request.status })
      if (response.ok) json<Reply<'archive.upload.finish'>>(response).then(done, failed)
      else problemOf(response, token).then(failed, failed)
    }
    request.onloadend = () => clearTimeout(timer)
    signal?.addEventListener('abort', () => request.abort())
    moved()
    request.send(file)
  })
}
