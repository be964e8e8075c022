// Everything that happened to one application, as one list in order of time: what the counter did, how each stage ended,
// what the applicant was told, how it closed.  Pure.  The stages' titles come from the server, which tells the citizen the same.
import type { Reply } from '../../api'
import type { Role } from '../../session'
import type { Case } from '../../ui/case_facts'
import { messageWords, outcomeWords, roleWords } from '../../words'

export type Message = Reply<'notification.message.list'>['messages'][number]
type Step = Case['steps'][number]

export interface Happening {
  at: string
  title: string
  text?: string
  /** The reason, the unmet requirement, the law: what an officer wrote or chose. */
  more: ReadonlyArray<readonly [label: string, text: string]>
  by?: string
  kind: 'done' | 'back' | 'now' | 'told'
}

const isBack = (outcome: string | undefined) => outcome !== undefined && outcome !== 'ok' && outcome !== 'needs_inspection'

/** "Sumiati Ningsih, Petugas penyerahan"; what no person did, the system did. */
function actorWords(actor: Record<string, unknown> | undefined): string {
  if (!actor || typeof actor['account'] !== 'string') return 'Sistem'
  const role = roleWords[actor['role'] as Role] ?? ''
  return [actor['name'] ?? actor['username'], role].filter(Boolean).join(', ')
}

function pairs(step: Step, requirements: Case['requirements']): Happening['more'] {
  const requirement = requirements.find((one) => one.code === step.requirement)?.name ?? step.requirement
  const all: Array<readonly [string, string | undefined]> = [
    ['Alasan', step.reason],
    ['Persyaratan', requirement],
    ['Dasar hukum', step.legal_basis],
  ]
  return all.filter((pair): pair is [string, string] => Boolean(pair[1]))
}

function stepHappening(step: Step, requirements: Case['requirements']): Happening {
  const visit = step.attempt > 1 ? ` (ke-${step.attempt})` : ''
  const title = step.title + visit
  if (!step.ended_at)
    return { at: step.started_at, title, text: `Sedang di meja ${roleWords[step.role as Role] ?? 'sistem'}`, more: [], kind: 'now' }
  return {
    at: step.ended_at,
    title,
    text: outcomeWords(step.step, step.outcome ?? 'ok'),
    more: pairs(step, requirements),
    by: actorWords(step.actor),
    kind: isBack(step.outcome) ? 'back' : 'done',
  }
}

const states: Record<Message['state'], string> = {
  queued: 'menunggu dikirim',
  sent: 'terkirim',
  failed: 'gagal dikirim',
  skipped: 'tidak dikirim',
}

function messageHappening(message: Message): Happening {
  const to = message.address ? ` ke ${message.address}` : ''
  return {
    at: message.sent_at ?? message.created_at,
    title: `Pemberitahuan: ${messageWords[message.kind] ?? message.kind}`,
    text: `Surel${to}, ${states[message.state]}`,
    more: message.error ? [['Sebab', message.error]] : [],
    by: 'Sistem',
    kind: message.state === 'failed' ? 'back' : 'told',
  }
}

/** Oldest first; what runs now is the last. */
export function happenings(one: Case, messages: readonly Message[]): Happening[] {
  const past: Happening[] = [{ at: one.created_at, title: 'Berkas diterima di loket', more: [], kind: 'done' }]
  if (one.registered_at) {
    const text = `Nomor ${one.number ?? ''}`
    if (one.registered_at === one.created_at)
      past[0] = { at: one.created_at, title: 'Permohonan didaftarkan di loket', text, more: [], kind: 'done' }
    else past.push({ at: one.registered_at, title: 'Permohonan didaftarkan di loket', text, more: [], kind: 'done' })
  }
  const steps = one.steps.map((step) => stepHappening(step, one.requirements))
  past.push(...steps.filter((step) => step.kind !== 'now'), ...messages.map(messageHappening))
  if (one.closed_at && one.status !== 'done') {
    const more: Happening['more'] = one.closed_reason ? [['Alasan', one.closed_reason]] : []
    past.push({
      at: one.closed_at,
      title: one.status === 'withdrawn' ? 'Permohonan dicabut pemohon' : 'Permohonan ditolak',
      more,
      kind: 'back',
    })
  }
  past.sort((a, b) => Date.parse(a.at) - Date.parse(b.at)) // stable: what has the same second stays in the order of the course
  return [...past, ...steps.filter((step) => step.kind === 'now')]
}
