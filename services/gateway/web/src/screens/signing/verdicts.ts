// What the officer has decided about each document of a round, and what became of it.  Kept in memory alone: after a
// reload everything is to be read again, which is what a signature asks for.
import { useRef, useState } from 'preact/hooks'
import { newKey, Problem } from '../../api'
import { asProblem } from '../../hooks'
import type { Desk, Task } from './desks'

export interface Verdict {
  is: 'unread' | 'approved' | 'skipped' | 'done' | 'returned' | 'refused'
  /** Why it was refused, or what was written when it was given back. */
  words?: string
  /** The hash of what lay open when it was approved. */
  shown?: string | undefined
}

export interface Approval {
  task: Task
  shown: string | undefined
}

export interface Round {
  of: (application: string) => Verdict
  set: (application: string, verdict: Verdict) => void
  /** Approves them one after the other; whether all went well.  A wrong passphrase ends it at once. */
  approve: (approvals: readonly Approval[], passphrase: string) => Promise<boolean>
  giveBack: (task: Task, reason: string) => Promise<void>
}

const UNREAD: Verdict = { is: 'unread' }
const CHANGED = 'Dokumen ini sudah berubah sejak Anda melihatnya. Buka lagi dari daftar dan periksa sebelum menyetujui.'

export function useRound(desk: Desk): Round {
  const [verdicts, setVerdicts] = useState<ReadonlyMap<string, Verdict>>(new Map())
  const keys = useRef(new Map<string, string>())
  const set = (application: string, verdict: Verdict) => setVerdicts((before) => new Map(before).set(application, verdict))

  /** The same intention keeps its key until its end is known. */
  async function once(intention: string, send: (key: string) => Promise<unknown>): Promise<void> {
    const key = keys.current.get(intention) ?? newKey()
    keys.current.set(intention, key)
    try {
      await send(key)
    } catch (error) {
      if (error instanceof Problem && !error.isPassing) keys.current.delete(intention)
      throw error
    }
    keys.current.delete(intention)
  }

  return {
    of: (application) => verdicts.get(application) ?? UNREAD,
    set,
    async approve(approvals, passphrase) {
      let isWell = true
      for (const { task, shown } of approvals) {
        try {
          // The task may have been asked for anew since: nobody approves a document by another one's looks.
          if (shown !== desk.hashOf(task)) throw new Problem(409, 'document_changed', CHANGED)
          await once(`${task.application} ${desk.hashOf(task)}`, (key) => desk.approve(task, passphrase, key))
          set(task.application, { is: 'done' })
        } catch (error) {
          const problem = asProblem(error)
          if (problem.code === 'passphrase_wrong' || problem.status === 401) throw problem
          set(task.application, { is: 'refused', words: problem.detail, shown })
          isWell = false
        }
      }
      return isWell
    },
    async giveBack(task, reason) {
      await once(`${task.application} ${reason}`, (key) => desk.giveBack(task, reason, key))
      set(task.application, { is: 'returned', words: reason })
    },
  }
}
