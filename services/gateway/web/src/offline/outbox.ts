// Commands that wait on the device until the line is back.  Each is written down with its files and its idempotency key
// before anything is sent, so it survives a closed browser; then it is sent, files first, each file and the command once.
//
//   const sent = await outbox.offer({
//     kind: 'Pendaftaran', title: 'SKTM – Siti Maryam',          // for people
//     method: 'intake.application.register', body: {…, requirements: [{ code: 'ktp', file: '' }]},
//     files: [{ name: 'ktp.jpg', title: 'KTP', blob, purpose: 'requirement', kecamatan, at: '/requirements/0/file' }],
//     correctAt: '/loket?koreksi={entry}',                       // where a refused one is opened again
//     doneAt: '/permohonan/{application}',                       // where its result is seen; members of the reply
//   })
//   if (sent.state === 'done') receipt(sent.reply) else provisionalReceipt(sent.entry)
//
// `at` is the JSON Pointer in the body where the file's id goes; put '' there.  A refusal while the officer waits is thrown
// as a Problem and nothing is kept (the form still has it); a refusal later becomes a conflict that a person decides at
// /menunggu.  A screen opened by `correctAt` reads `outbox.get(id)`, fills its form from body and files, and offers again with
// `replaces: id`: that takes the refused one's place, and stays there as a conflict if it is refused too.  The server keeps
// keys for 7 days: what had no answer for longer is not sent again by itself.
import { isFinal, newKey, Problem, type Body, type Method, type Params, type Reply } from '../api'
import { useChanges } from '../hooks'
import { listeners } from '../listeners'
import { session } from '../session'
import { transact } from './db'

export interface OutboxFile {
  name: string
  title: string
  purpose: Params<'archive.upload.finish'>['purpose']
  kecamatan: string
  at: string
  blob?: Blob
  file?: string // the archive's id, once it is there
}

export interface Entry {
  id: string
  kind: string
  title: string
  key: string // of the wish; its number on a provisional receipt is made of it
  sentAs?: string // the key under which it is sent, where it goes again after a refusal
  account: string
  accountName: string
  created: string
  method: Method
  params?: unknown
  body: unknown // {} when it is over, and no files: only its title stays
  files: OutboxFile[]
  correctAt?: string
  doneAt?: string
  state: 'waiting' | 'sending' | 'conflict' | 'done' | 'discarded'
  reason?: string // why a person discarded it
  problem?: { status: number; code: string; detail: string; field?: string }
  tries: number
  notBefore: number // epoch ms: after a passing trouble
  askedAt?: number // when the command itself was first sent: from then on the server may have done it
  reply?: unknown
  endedAt?: number // when it was done or discarded
}

export interface Intent<M extends Method> {
  kind: string
  title: string
  method: M
  params?: Params<M>
  body: Body<M>
  files?: ReadonlyArray<Omit<OutboxFile, 'blob' | 'file'> & { blob: Blob }>
  correctAt?: string
  doneAt?: string
  /** Made with the first letter of the form: two windows with the same form send one command. */
  key?: string
  /** The refused entry that this one corrects, whose id it takes over. */
  replaces?: string
}

export type Offered<M extends Method> = { state: 'done'; entry: Entry; reply: Reply<M> } | { state: 'waiting'; entry: Entry }

const DONE_SHOWN_MS = 86_400_000
const changes = listeners()
// Windows tell each other; where the browser cannot, the next look at the store will do.
const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('paten.outbox')
let known: Entry[] = []
let reading = Promise.resolve()

/** Reads the store again and tells who listens; one reading after the other, so that an old one never comes last. */
function refresh(): Promise<void> {
  reading = reading
    .then(() => transact<Entry[]>('outbox', 'readonly', (store) => store.getAll()))
    .then((all) => {
      known = (all ?? []).sort((a, b) => (a.created < b.created ? -1 : 1))
    })
    .catch(() => undefined)
    .then(changes.tell)
  return reading
}

async function changed(): Promise<void> {
  channel?.postMessage(0)
  await refresh()
}

if (channel) channel.onmessage = () => void refresh()
session.onWipeDevice(changed)
void refresh()

let wake: () => void = () => undefined
/** The sender says how it is woken; it is a file of its own (sender.ts). */
export const onWork = (kick: () => void): void => {
  wake = kick
}

/** Changes an entry if it is still there and `may` be: one that was wiped meanwhile must not come back. */
export async function change(id: string, with_: Partial<Entry>, may: (entry: Entry) => boolean = () => true): Promise<Entry | undefined> {
  let next: Entry | undefined
  await transact('outbox', 'readwrite', (store) => {
    const request = store.get(id) as IDBRequest<Entry | undefined>
    request.onsuccess = () => {
      if (!request.result || !may(request.result)) return
      next = { ...request.result, ...with_ }
      store.put(next)
    }
  })
  await changed()
  return next
}

async function put<M extends Method>(intent: Intent<M>): Promise<Entry> {
  const { replaces, files = [], params, ...rest } = intent
  const current = session.current()
  const entry: Entry = {
    ...rest,
    ...(params === undefined ? {} : { params }),
    id: replaces ?? newKey(), // so its address stays right, and a second correction corrects this one
    key: rest.key ?? newKey(),
    account: current?.account ?? '',
    accountName: current?.name ?? '',
    created: new Date().toISOString(),
    files: files.map((file) => ({ ...file })),
    state: 'waiting',
    tries: 0,
    notBefore: 0,
  }
  let isMeanwhileSent = false
  await transact('outbox', 'readwrite', (store) => {
    const request = store.get(entry.id) as IDBRequest<Entry | undefined>
    request.onsuccess = () => {
      const before = request.result?.state
      isMeanwhileSent = before === 'waiting' || before === 'sending' || before === 'done'
      if (!isMeanwhileSent) store.put(entry)
    }
  })
  if (isMeanwhileSent)
    throw new Problem(0, 'being_sent', 'Ini sudah dikirim lagi, mungkin dari jendela lain. Lihat hasilnya di Menunggu dikirim.')
  void navigator.storage?.persist?.().catch(() => false)
  await changed()
  wake()
  return entry
}

async function remove(id: string): Promise<void> {
  await transact('outbox', 'readwrite', (store) => store.delete(id))
  await changed()
}

/** Sent or discarded: nothing would be lost with it. */
export const isOver = (entry: Entry): boolean => entry.state === 'done' || entry.state === 'discarded'

const find = (id: string): Entry | undefined => known.find((entry) => entry.id === id)

/** It or an earlier one of its kind was put off: it will take a while. */
const isHeld = (entry: Entry): boolean =>
  known.some(
    (one) =>
      one.account === entry.account &&
      one.method === entry.method &&
      one.state === 'waiting' &&
      one.notBefore > 0 &&
      one.created <= entry.created,
  )

/** Resolves when the entry is done, refused, held up by a passing trouble, gone, or after `limit_ms`. */
function settled(id: string, limit_ms: number): Promise<Entry | undefined> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      stop()
      resolve(find(id))
    }
    const timer = setTimeout(end, limit_ms)
    const stop = changes.add(() => {
      const entry = find(id)
      if (!entry || isOver(entry) || entry.state === 'conflict' || isHeld(entry)) end()
    })
  })
}

export const outbox = {
  /** Writes it down; it is sent as soon as it can be. */
  put,
  /** Writes it down and waits a while for the answer: done, or waiting for the line; a refusal is thrown. */
  async offer<M extends Method>(intent: Intent<M>, limit_ms = 15_000): Promise<Offered<M>> {
    await outbox.now() // an officer is waiting: what was put off is tried at once
    const written = await put(intent)
    const entry = (await settled(written.id, navigator.onLine === false ? 0 : limit_ms)) ?? written
    if (entry.state !== 'done' && entry.state !== 'conflict') return { state: 'waiting', entry }
    // Whoever asked has the answer; but a refused correction stays, for the form may have been all that there was of it.
    if (entry.state === 'done' || !intent.replaces) await remove(entry.id)
    if (entry.state === 'done') return { state: 'done', entry, reply: entry.reply as Reply<M> }
    const { status, code, detail, field } = entry.problem ?? { status: 0, code: '', detail: '' }
    throw new Problem(status, code, detail, field)
  },
  /** Runs once, when the entry is done or is so already; returns how to stop waiting. */
  onDone<M extends Method>(id: string, then: (reply: Reply<M>) => void): () => void {
    const look = () => {
      const entry = find(id)
      if (entry?.state !== 'done') return
      stop()
      then(entry.reply as Reply<M>)
    }
    const stop = changes.add(look)
    look()
    return stop
  },
  /** Of the account that is signed in; an address may have been left behind by another. */
  async get(id: string): Promise<Entry | undefined> {
    await refresh()
    const entry = find(id)
    return entry?.account === session.current()?.account ? entry : undefined
  },
  /** All on the device, oldest first: also other accounts' (whoever signs out wipes them too). */
  all: (): readonly Entry[] => known,
  onChange: changes.add,
  ready: (): Promise<void> => reading,
  /** A person decided: it goes out again.  What was refused is a new wish, for the server keeps a refusal under its key for a minute;
   * what had no answer keeps its key, for it may have been done. */
  async again(id: string): Promise<void> {
    const status = find(id)?.problem?.status ?? 0
    await change(id, { state: 'waiting', notBefore: 0, tries: 0, ...(isFinal(status) ? { sentAs: newKey() } : {}) })
    wake()
  },
  /** Everything at once, without waiting out the pauses. */
  async now(): Promise<void> {
    for (const entry of known) if (entry.state === 'waiting' && entry.notBefore) await change(entry.id, { notBefore: 0 })
    wake()
  },
  remove,
  /** A person decided: it is not sent.  That and why stays to be seen for a day, what was in it does not. */
  async discard(id: string, reason: string): Promise<void> {
    const over = { state: 'discarded' as const, reason, body: {}, files: [], endedAt: Date.now() }
    const gone = await change(id, over, (entry) => entry.state !== 'sending')
    if (!gone) throw new Problem(0, 'being_sent', 'Ini sedang dikirim. Tunggu hasilnya.')
  },
  /** Forgets what ended longer than a day ago. */
  async tidy(): Promise<void> {
    await refresh()
    const yesterday = Date.now() - DONE_SHOWN_MS
    for (const entry of known) if (isOver(entry) && (entry.endedAt ?? Date.parse(entry.created)) < yesterday) await remove(entry.id)
  },
}

export interface Outbox {
  /** Of the account that is signed in. */
  mine: Entry[]
  waiting: number
  conflicts: number
  /** What others left on this device, by name. */
  others: string[]
}

/** The outbox as it stands, drawn again when it changes. */
export function useOutbox(): Outbox {
  useChanges(outbox.onChange)
  const account = session.current()?.account
  const mine = known.filter((entry) => entry.account === account)
  return {
    mine,
    waiting: mine.filter((entry) => entry.state === 'waiting' || entry.state === 'sending').length,
    conflicts: mine.filter((entry) => entry.state === 'conflict').length,
    others: known.filter((entry) => entry.account !== account && !isOver(entry)).map((entry) => entry.accountName),
  }
}

export const problemKept = ({ status, code, detail, field }: Problem): NonNullable<Entry['problem']> => ({
  status,
  code,
  detail,
  ...(field ? { field } : {}),
})
