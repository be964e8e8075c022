// The two desks at which a document is approved: paraf (Kasi, then Sekcam) and signature (Camat).  They differ in what is
// looked at, in what is sent and in the words; the screens are the same.
import { ask, bytes, command, type Reply } from '../../api'
import type { Role } from '../../session'
import type { Asked } from '../../ui/inbox'

export type Task = Reply<'signing.task.list'>['tasks'][number]

export interface Desk {
  inbox: string
  title: string
  roles: Role[]
  list: (asked: Asked) => Promise<{ tasks: Task[]; next?: string }>
  /** The document as it would be approved now. */
  paper: (task: Task) => Promise<Blob>
  paperTitle: string
  /** The hash that the approval names, and whether it is that of the very bytes that are shown. */
  hashOf: (task: Task) => string
  isHashOfBytes: boolean
  needsPassphrase: boolean
  approve: (task: Task, passphrase: string, key: string) => Promise<unknown>
  giveBack: (task: Task, reason: string, key: string) => Promise<unknown>
  words: { approve: string; approved: string; empty: string; promise: string }
}

/** What the document service printed and numbered, as the task of the Camat names it. */
export interface FinalDocument {
  number?: string
  sha256?: string
  signer?: string
}
export const finalOf = (task: Task): FinalDocument => (task.document ?? {}) as FinalDocument

const listed = ({ kecamatan, state, after, limit }: Asked) => ({
  limit,
  ...(kecamatan ? { kecamatan } : {}),
  ...(state ? { state: state as Task['state'] } : {}),
  ...(after ? { after } : {}),
})

export const parafDesk: Desk = {
  inbox: '/paraf',
  title: 'Paraf',
  roles: ['kasi_pelayanan', 'sekcam'],
  list: (asked) => ask('signing.paraf.list', listed(asked)),
  paper: ({ application, content_sha256 }) => bytes('document.draft.print', { application, content_sha256 }),
  paperTitle: 'Konsep yang diparaf',
  hashOf: (task) => task.content_sha256,
  isHashOfBytes: false, // a paraf binds the content, before number, date and signer
  needsPassphrase: false,
  approve: ({ application, content_sha256 }, _passphrase, key) =>
    command('signing.paraf.give', { params: { application }, body: { content_sha256 }, key }),
  giveBack: ({ application }, reason, key) => command('signing.paraf.return', { params: { application }, body: { reason }, key }),
  words: {
    approve: 'Bubuhkan paraf',
    approved: 'Diparaf',
    empty: 'Tidak ada konsep yang menunggu paraf Anda.',
    promise: 'Yang Anda lihat adalah yang akan diparaf.',
  },
}

export const signatureDesk: Desk = {
  inbox: '/tanda-tangan',
  title: 'Tanda tangan',
  roles: ['camat'],
  list: (asked) => ask('signing.task.list', listed(asked)),
  paper: ({ application }) => bytes('document.final.get', { application }),
  paperTitle: 'Dokumen yang ditandatangani',
  hashOf: (task) => finalOf(task).sha256 ?? '',
  isHashOfBytes: true,
  needsPassphrase: true,
  approve: (task, passphrase, key) =>
    command('signing.task.sign', {
      params: { application: task.application },
      body: { sha256: finalOf(task).sha256 ?? '', passphrase },
      key,
    }),
  giveBack: ({ application }, reason, key) => command('signing.task.return', { params: { application }, body: { reason }, key }),
  words: {
    approve: 'Tanda tangani',
    approved: 'Ditandatangani',
    empty: 'Tidak ada dokumen yang menunggu tanda tangan Anda.',
    promise: 'Yang Anda lihat adalah yang akan ditandatangani.',
  },
}

/** Which document of the application it is: corrected and sent again, it is another one, to be read from the beginning. */
export const versionOf = (desk: Desk, task: Task): string => `${task.application}/${task.attempt}/${desk.hashOf(task)}`

const PAGE = '100'
const MOST_PAGES = 20

/** These applications' newest tasks at the desk: open ones; of the others, who decided them. */
export async function tasksOf(desk: Desk, applications: readonly string[]): Promise<Map<string, Task>> {
  const found = new Map<string, Task>()
  for (const state of ['open', 'done', 'returned', 'closed'] as const) {
    let after: string | undefined
    for (let page = 0; page < MOST_PAGES && applications.some((one) => !found.has(one)); page++) {
      const got = await desk.list({ limit: PAGE, state, ...(after ? { after } : {}) })
      for (const task of got.tasks)
        if (applications.includes(task.application) && !found.has(task.application)) found.set(task.application, task)
      after = got.next
      if (!after) break
    }
  }
  return found
}
