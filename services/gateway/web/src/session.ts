// Who works here: the token of POST /v1/sessions with name and roles, kept on the device until it ends (10 hours) or the
// officer signs out.  Signing out wipes everything that the application kept on the device.
import type { Methods } from './generated/api'
import { listeners } from './listeners'

type Opened = Methods['identity.session.open']['reply']
export type Grant = Opened['grants'][number]
export type Role = Grant['role']

export interface Session extends Opened {
  username: string
}

const NAME = 'paten.session'
const changes = listeners()
const wipers: Array<() => Promise<void> | void> = []

function read(): Session | null {
  try {
    const kept = JSON.parse(localStorage.getItem(NAME) ?? 'null') as Session | null
    return kept && Date.parse(kept.expires_at) > Date.now() ? kept : null
  } catch {
    return null
  }
}

let current = read()
let isExpired = false

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
  begin(opened: Session): void {
    isExpired = false
    set(opened)
  },
  /** The server does not know the token any more; what waits on the device stays. */
  expire(): void {
    if (!current) return
    isExpired = true
    set(null)
  },
  /** Signs out on this device: nothing of the officer's work stays behind. */
  async wipe(): Promise<void> {
    for (const wiper of wipers) await wiper()
    isExpired = false
    set(null)
  },
  /** What else is to be wiped at signing out. */
  onWipe(wiper: () => Promise<void> | void): void {
    wipers.push(wiper)
  },
  onChange: changes.add,
  roles: (): Set<Role> => new Set(current?.grants.map((grant) => grant.role)),
  /** The kecamatan in which the officer has the role, for screens that act in one. */
  places: (role: Role): string[] => current?.grants.filter((grant) => grant.role === role).map((grant) => grant.place) ?? [],
}

// Another window signed in or out.
addEventListener('storage', (event) => {
  if (event.key !== NAME) return
  current = read()
  changes.tell()
})
