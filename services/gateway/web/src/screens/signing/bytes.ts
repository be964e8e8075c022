// What is shown and what is signed: the very same bytes.  They are fetched once, hashed here where the browser can
// (WebCrypto exists on https and on this machine alone), and shown from memory.
import type { Desk, Task } from './desks'

export interface Seen {
  blob: Blob
  /** Of these very bytes where they can be hashed here; else what the task named when they were asked for. */
  hash: string
  isHashedHere: boolean
}

export async function sha256(blob: Blob): Promise<string | undefined> {
  // Not there on plain http, whatever the type says.
  const subtle = crypto.subtle as SubtleCrypto | undefined
  if (!subtle) return undefined
  const digest = await subtle.digest('SHA-256', await blob.arrayBuffer())
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

export async function look(desk: Desk, task: Task): Promise<Seen> {
  const blob = await desk.paper(task)
  const hash = desk.isHashOfBytes ? await sha256(blob) : undefined
  return { blob, hash: hash ?? desk.hashOf(task), isHashedHere: hash !== undefined }
}
