// The idle lock: after ten minutes without a key or a touch the screen is covered until the password is given again.  It
// works without a line: at sign-in a verifier is derived from the password (PBKDF2, WebCrypto) and kept beside the session.
// What was being filled in stays as it is, and what waits in the outbox goes on being sent.
import { listeners } from './listeners'
import { session } from './session'

export const IDLE_MS = 10 * 60_000
const LOOK_EVERY_MS = 5_000
const ITERATIONS = 600_000
const TRIES_MOST = 5 // wrong passwords before the server is asked again: it slows guessing down, a device cannot

const VERIFIER = 'paten.lock.verifier'
const LOCKED = 'paten.lock.locked' // survives a reload; counts the wrong passwords
const ACTIVE = 'paten.lock.active' // of all windows together; survives a closed browser

interface Verifier {
  account: string
  salt: string
  hash: string
  iterations: number
}

const changes = listeners()

const hexOf = (bytes: ArrayBuffer | Uint8Array): string =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('')
const bytesOf = (hex: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16)) as Uint8Array<ArrayBuffer>

async function derive(password: string, salt: string, iterations: number): Promise<string> {
  const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(password), 'PBKDF2', false, ['deriveBits'])
  return hexOf(await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt: bytesOf(salt), iterations }, key, 256))
}

function verifier(): Verifier | undefined {
  try {
    const kept = JSON.parse(localStorage.getItem(VERIFIER) ?? 'null') as Verifier | null
    return kept && kept.account === session.current()?.account ? kept : undefined
  } catch {
    return undefined
  }
}

const touch = () => localStorage.setItem(ACTIVE, String(Date.now()))
const isIdle = () => Date.now() - Number(localStorage.getItem(ACTIVE) ?? Date.now()) > IDLE_MS

function forget(): void {
  for (const name of [VERIFIER, LOCKED, ACTIVE]) localStorage.removeItem(name)
}

export const lock = {
  onChange: changes.add,
  isLocked: (): boolean => session.current() !== null && localStorage.getItem(LOCKED) !== null,
  /** Without a verifier (no secure context) only the server knows the password. */
  isKnownHere: (): boolean => verifier() !== undefined,
  now(): void {
    if (!session.current() || lock.isLocked()) return
    localStorage.setItem(LOCKED, '0')
    changes.tell()
  },
  /** Called at every sign-in, with what was typed. */
  async learn(password: string): Promise<void> {
    lock.open()
    const account = session.current()?.account
    if (!account || !globalThis.crypto?.subtle) return
    const salt = hexOf(crypto.getRandomValues(new Uint8Array(16)))
    const hash = await derive(password, salt, ITERATIONS)
    const kept: Verifier = { account, salt, hash, iterations: ITERATIONS }
    if (session.current()?.account === account) localStorage.setItem(VERIFIER, JSON.stringify(kept))
  },
  /** Opens when the password fits; after too many wrong ones the session ends (the unsent work stays). */
  async tryPassword(password: string): Promise<boolean> {
    const kept = verifier()
    if (!kept) return false
    if ((await derive(password, kept.salt, kept.iterations)) === kept.hash) {
      lock.open()
      return true
    }
    const tried = Number(localStorage.getItem(LOCKED) ?? 0) + 1
    localStorage.setItem(LOCKED, String(tried))
    if (tried >= TRIES_MOST) session.expire()
    return false
  },
  /** Somebody else wants to work here: the session ends, but nothing that waits is wiped by whoever stands there. */
  async leave(): Promise<void> {
    const token = session.token()
    session.expire()
    if (token)
      await fetch('/v1/sessions/current', { method: 'DELETE', headers: { Authorization: `Bearer ${token}` } }).catch(() => undefined)
  },
  open(): void {
    localStorage.removeItem(LOCKED)
    touch()
    changes.tell()
  },
}

/** Watches keys, touches and the clock, in every window. */
export function startLock(): void {
  const look = () => session.current() && isIdle() && lock.now()
  let last = 0
  const act = () => {
    if (!session.current() || lock.isLocked() || Date.now() - last < LOOK_EVERY_MS) return
    if (isIdle()) return lock.now() // the device slept: the first key after that does not count
    last = Date.now()
    touch()
  }
  for (const kind of ['keydown', 'pointerdown', 'wheel']) addEventListener(kind, act, { capture: true, passive: true })
  document.addEventListener('visibilitychange', look)
  addEventListener('storage', (event) => event.key === LOCKED && changes.tell())
  setInterval(look, LOOK_EVERY_MS)
  session.onChange(() => session.current() ?? forget())
  if (session.current() && localStorage.getItem(ACTIVE) === null) touch()
  look()
}
