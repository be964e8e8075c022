// Who works here: the token of POST /v1/sessions with name and roles, kept on the device until it ends (10 hours) or the
// officer signs out.  Signing out wipes everything that the application kept on the device.
import type { Methods } from '../generated/api'
import { listeners } from './listeners'

type Opened = Methods['identity.session.open']['reply']
export type Grant = Opened['grants'][number]
export type Role = Grant['role']

export interface Session extends Opened {
  username: string
}

const NAME = 'paten.session'
const WIPED = 'wiped' // stands under NAME for a moment: the other windows see that it was a sign-out, not a session's end
const changes = listeners()
const windowWipers: Array<() => void> = []
const deviceWipers: Array<() => Promise<void>> = []

function stored(): Session | null {
  try {
    return JSON.parse(localStorage.getItem(NAME) ?? 'null') as Session | null
  } catch {
    return null
  }
}

function read(): Session | null {
  const kept = stored()
  return kept && Date.parse(kept.expires_at) > Date.now() ? kept : null
}

let current = read()
let isExpired = false
let isWipeIncomplete = false

function set(next: Session | null): void {
  current = next
  if (next) localStorage.setItem(NAME, JSON.stringify(next))
  else localStorage.removeItem(NAME)
  changes.tell()
}

export const session = {
  current: (): Session | null => current,
  token: (): string | undefined => current?.token,
  /** The last session ended without the officer's doing. */
  isExpired: (): boolean => isExpired,
  /** The last signing out could not remove everything from the device. */
  isWipeIncomplete: (): boolean => isWipeIncomplete,
  /** Whether the device is still that account's, by what all windows share: another's sign-out is heard of a moment later. */
  isStill: (account: string): boolean => account !== '' && stored()?.account === account,
  begin(opened: Session): void {
    isExpired = false
    isWipeIncomplete = false
    set(opened)
  },
  /** The server does not know the token any more; what waits on the device stays.  A late answer to an older token says
   * nothing about the session of now. */
  expire(token = current?.token): void {
    if (!current || token !== current.token) return
    isExpired = true
    set(null)
  },
  /** Signs out on this device: nothing of the officer's work stays behind. */
  async wipe(): Promise<void> {
    // The session first: what is still under way must not write back what is being wiped (isStill).
    current = null
    localStorage.setItem(NAME, WIPED)
    localStorage.removeItem(NAME)
    isWipeIncomplete = false
    for (const wiper of windowWipers) wiper()
    for (const wiper of deviceWipers) await wiper().catch(() => (isWipeIncomplete = true))
    isExpired = false
    set(null)
  },
  /** What each window is to wipe of its own at signing out, in whichever window that was: its memory. */
  onWipe(wiper: () => void): void {
    windowWipers.push(wiper)
  },
  /** What is wiped once for all windows. */
  onWipeDevice(wiper: () => Promise<void>): void {
    deviceWipers.push(wiper)
  },
  onChange: changes.add,
  roles: (): Set<Role> => new Set(current?.grants.map((grant) => grant.role)),
  /** The kecamatan in which the officer has the role, for screens that act in one. */
  places: (role: Role): string[] => current?.grants.filter((grant) => grant.role === role).map((grant) => grant.place) ?? [],
}

// Another window signed in or out.
addEventListener('storage', (event) => {
  if (event.key !== NAME) return
  if (event.newValue === WIPED) for (const wiper of windowWipers) wiper()
  current = read()
  changes.tell()
})
