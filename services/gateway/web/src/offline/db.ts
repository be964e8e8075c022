// What the device keeps (IndexedDB), and only until somebody signs out: the commands that wait for the line, and what a
// screen needs to go on without one (visits, forms that are being filled in).  Everything belongs to an account.
import { Problem } from '../api'
import { session } from '../session'

const NAME = 'paten'
const VERSION = 1
export type Store = 'outbox' | 'kept'

let opened: Promise<IDBDatabase> | undefined

function open(): Promise<IDBDatabase> {
  opened ??= new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION)
    request.onupgradeneeded = () => {
      request.result.createObjectStore('outbox', { keyPath: 'id' })
      request.result.createObjectStore('kept', { keyPath: ['account', 'name'] })
    }
    request.onsuccess = () => {
      request.result.onversionchange = () => {
        request.result.close()
        opened = undefined
      }
      resolve(request.result)
    }
    request.onerror = () => reject(request.error)
  }).catch((error: unknown) => {
    opened = undefined
    throw trouble(error)
  })
  return opened
}

function trouble(error: unknown): Problem {
  const isFull = error instanceof DOMException && error.name === 'QuotaExceededError'
  return new Problem(
    0,
    isFull ? 'device_full' : 'device_store',
    isFull
      ? 'Penyimpanan perangkat penuh. Hapus foto atau berkas lain di perangkat ini, lalu coba lagi.'
      : 'Perangkat ini tidak dapat menyimpan pekerjaan. Jangan tutup halaman ini sebelum terkirim.',
  )
}

/** One transaction: `work` gets the store and says which request's result is wanted; resolves when all is on disk. */
export async function transact<T>(
  store: Store,
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<T> | void,
): Promise<T | undefined> {
  const db = await open()
  return new Promise<T | undefined>((resolve, reject) => {
    const transaction = db.transaction(store, mode)
    const request = work(transaction.objectStore(store))
    transaction.oncomplete = () => resolve(request ? request.result : undefined)
    transaction.onabort = () => reject(trouble(transaction.error))
  })
}

interface Kept {
  account: string
  accountName: string
  name: string
  at: string
  /** Work that exists nowhere else, in words for its owner; without: a copy of what the server has. */
  work?: string
  value: unknown
}

export const mine = (): string => session.current()?.account ?? ''

/** Things kept under a name for the account that is signed in: copies of what the server said, and unfinished forms. */
export const kept = {
  async get<T>(name: string): Promise<T | undefined> {
    const found = await transact<Kept | undefined>('kept', 'readonly', (store) => store.get([mine(), name]))
    return found?.value as T | undefined
  },
  /** `work`: what would be lost at signing out ("Temuan lapangan 2026-000013"); leave it out for copies.  `account`: whose it
   * is, for who asked something first; once that one has left, nothing of theirs is written. */
  async put(name: string, value: unknown, work?: string, account = mine()): Promise<void> {
    const accountName = session.current()?.name ?? ''
    const row: Kept = { account, accountName, name, at: new Date().toISOString(), value, ...(work ? { work } : {}) }
    await transact('kept', 'readwrite', (store) => {
      if (!session.isStill(account)) throw new Problem(0, 'signed_out', 'Sesi Anda sudah berakhir; ini tidak disimpan di perangkat.')
      return store.put(row)
    })
  },
  async remove(name: string): Promise<void> {
    await transact('kept', 'readwrite', (store) => store.delete([mine(), name]))
  },
  /** Everything whose name begins so. */
  async list<T>(prefix: string): Promise<T[]> {
    const range = IDBKeyRange.bound([mine(), prefix], [mine(), `${prefix}\uffff`])
    const found = await transact<Kept[]>('kept', 'readonly', (store) => store.getAll(range))
    return (found ?? []).map((row) => row.value as T)
  },
  /** The unfinished work of everybody on this device. */
  async works(): Promise<string[]> {
    const all = await transact<Kept[]>('kept', 'readonly', (store) => store.getAll())
    return (all ?? []).flatMap(({ work, account, accountName }) =>
      work ? [account === mine() ? work : `${work} (milik ${accountName})`] : [],
    )
  },
}

// Each for itself: where one cannot be wiped the other still is, and the sign-in page says so.
for (const store of ['outbox', 'kept'] as const)
  session.onWipeDevice(async () => void (await transact(store, 'readwrite', (all) => all.clear())))
