// Sends what waits in the outbox: oldest first, one at a time in all windows together, whenever the line may be back.
// What is passing waits and is tried again; what the server refuses becomes a conflict, which only a person ends.
import { command, Problem, upload, type Method } from '../api'
import { asProblem } from '../hooks'
import { session } from '../session'
import { change, isOver, onWork, outbox, problemKept, type Entry } from './outbox'

const LOOK_EVERY_MS = 30_000
const PAUSE_MOST_MS = 300_000
const STRANGE_MOST = 5 // answers 500 before a person is asked
const KEYS_LIVE_MS = 6 * 86_400_000 // the server forgets a key after 7 days

type Way = 'sent' | 'put off' | 'conflict' | 'stop'

/** The body with the files' ids where they belong. */
export function filled(entry: Pick<Entry, 'body' | 'files'>): unknown {
  const body = JSON.parse(JSON.stringify(entry.body ?? {})) as unknown
  for (const { at, file } of entry.files) {
    const names = at.split('/').slice(1)
    const last = names.pop() ?? ''
    const holder = names.reduce<unknown>((inner, name) => (inner as Record<string, unknown>)[name], body)
    ;(holder as Record<string, unknown>)[last] = file
  }
  return body
}

/** Whose entry it is must still be signed in, and it goes out under that one's token from the first file to the command:
 * by another it would be recorded as the other's work, and perhaps twice (a key counts for its caller only). */
function tokenFor(entry: Entry): string {
  const current = session.current()
  if (current?.account !== entry.account) throw new Problem(0, 'signed_out', 'Dikirim bila pemiliknya masuk lagi.')
  return current.token
}

async function sendFiles(entry: Entry, token: string): Promise<Entry> {
  let now = entry
  for (const [index, one] of entry.files.entries()) {
    if (one.file || !one.blob) continue
    const { purpose, kecamatan, name } = one
    tokenFor(entry)
    const kept = await upload(one.blob, { purpose, kecamatan, name }, { token })
    const files = now.files.map((file, at) => (at === index ? { ...file, file: kept.file } : file))
    now = (await change(entry.id, { files })) ?? { ...now, files }
  }
  return now
}

async function sendOne(entry: Entry): Promise<Way> {
  if (entry.askedAt && Date.now() - entry.askedAt > KEYS_LIVE_MS) {
    const detail = 'Sudah lebih dari enam hari tanpa jawaban server. Periksa dahulu apakah sudah tercatat, lalu kirim lagi atau hapus.'
    const problem = { status: 0, code: 'key_too_old', detail }
    await change(entry.id, { state: 'conflict', askedAt: 0, problem }, (now) => !isOver(now))
    return 'conflict'
  }
  try {
    const taken = await change(entry.id, { state: 'sending' }, (now) => now.state === 'waiting' || now.state === 'sending')
    if (!taken) return 'conflict' // discarded or wiped a moment ago
    const token = tokenFor(entry)
    const { files } = await sendFiles(taken, token)
    tokenFor(entry)
    if (!(await change(entry.id, { askedAt: entry.askedAt || Date.now() }))) return 'conflict' // wiped
    // The outbox took method, params and body together, typed by the method (Intent); the store forgot that they belong together.
    const request = { params: entry.params, body: filled({ body: entry.body, files }), key: entry.sentAs ?? entry.key, token }
    const reply = await command<Method>(entry.method, request as Parameters<typeof command<Method>>[1])
    await change(entry.id, { state: 'done', reply, body: {}, files: [], notBefore: 0, endedAt: Date.now() })
    return 'sent'
  } catch (error) {
    return after(entry, asProblem(error))
  }
}

async function after(entry: Entry, problem: Problem): Promise<Way> {
  const tries = entry.tries + 1
  const isOurs = (now: Entry) => now.state === 'sending' // another window may have had its answer meanwhile
  const isStrange = problem.status === 500 && tries < STRANGE_MOST
  if (problem.isPassing || problem.status === 401 || problem.status === 408 || problem.status === 429 || isStrange) {
    // Without a line nothing is asked of the server, so looking often costs nothing.
    const pause = problem.status === 0 ? LOOK_EVERY_MS - 5_000 : Math.min(5_000 * 2 ** (tries - 1), PAUSE_MOST_MS)
    await change(entry.id, { state: 'waiting', tries, notBefore: Date.now() + pause, problem: problemKept(problem) }, isOurs)
    return problem.status === 0 || problem.status === 401 ? 'stop' : 'put off'
  }
  await change(entry.id, { state: 'conflict', tries, problem: problemKept(problem) }, isOurs)
  return 'conflict'
}

/** One round.  Commands of one kind keep their order: where one was put off, later ones of its kind wait too. */
async function round(): Promise<void> {
  const held = new Set<Method>()
  for (;;) {
    await outbox.get('') // what other windows wrote meanwhile
    const account = session.current()?.account
    const isMine = (one: Entry) => one.account === account && (one.state === 'waiting' || one.state === 'sending')
    for (const one of outbox.all()) if (isMine(one) && one.notBefore > Date.now()) held.add(one.method)
    const entry = outbox.all().find((one) => isMine(one) && !held.has(one.method))
    if (!entry) return
    const way = await sendOne(entry)
    if (way === 'stop') return
    if (way === 'put off') held.add(entry.method)
  }
}

let asked = false
let rounds: Promise<void> = Promise.resolve()
function kick(): void {
  if (asked || !session.current()) return
  asked = true
  const run = async () => {
    asked = false // whoever comes from now on needs a further round
    await round()
  }
  // Without Web Locks (no secure context) one round after the other in this window; two windows may both send: the command
  // is still done once, by its key.
  if (navigator.locks) void navigator.locks.request('paten.outbox', run).catch(() => undefined)
  else rounds = rounds.then(run).catch(() => undefined)
}

/** Begins to look: at start, at sign-in, when the line comes back or the window is shown again, and every 30 s. */
export function startSending(): void {
  onWork(kick)
  addEventListener('online', () => void outbox.now())
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && kick())
  session.onChange(() => void outbox.now())
  const look = () =>
    void outbox
      .tidy()
      .catch(() => undefined)
      .then(kick)
  setInterval(look, LOOK_EVERY_MS)
  look()
}
