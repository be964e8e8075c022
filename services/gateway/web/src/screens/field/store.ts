// Visits as the officer needs them in the field: asked of the server when it can be reached and then kept on the device with
// the applicant's file and the letter of assignment, so that all of it opens where there is no signal.
import { ask, bytes, Problem, type Reply } from '../../api'
import { kept, mine } from '../../offline/db'
import type { Asked, InboxRow, Page } from '../../ui/inbox_rows'
import type { Schema } from '../../ui/schema'

export type Visit = Reply<'inspection.visit.list'>['visits'][number]
export type Row = Visit & InboxRow & { keptAt?: string }
type Case = Reply<'intake.application.get'>

export interface Known {
  visit: Visit
  applicant: Case['applicant']
  /** What the applicant declared, and the form in which it was asked. */
  form: Case['form']
  schema: Schema
  /** When this copy was made, if the server could not be reached now. */
  keptAt?: string
}

const LIST = 'kunjungan'
const AHEAD = 20 // visits that are fetched whole while there is a line
const oneOf = (application: string) => `kunjungan/${application}`

/** What is kept instead, when the trouble is one of the line; any other refusal is the answer. */
async function orKept<T extends object>(error: unknown, name: string): Promise<T & { keptAt: string }> {
  const copy = error instanceof Problem && error.isPassing ? await kept.get<{ at: string; value: T }>(name) : undefined
  if (!copy) throw error
  return { ...copy.value, keptAt: copy.at }
}

/** `account`: who asked; by now somebody else may be signed in, or nobody. */
const keep = (account: string, name: string, value: unknown) =>
  kept.put(name, { at: new Date().toISOString(), value }, undefined, account).catch(() => undefined)

export async function loadRows({ kecamatan, state, after, limit }: Asked): Promise<Page<Row>> {
  const account = mine()
  try {
    const { visits, next } = await ask('inspection.visit.list', {
      limit,
      ...(kecamatan ? { kecamatan } : {}),
      ...(after ? { after } : {}),
      ...(state ? { state: state as Visit['state'] } : {}),
    })
    if (!state && !after && !kecamatan) {
      await keep(account, LIST, { visits })
      void fetchAhead(visits)
    }
    return { rows: visits.map(rowOf), ...(next ? { next } : {}) }
  } catch (error) {
    if (state) throw error
    const { visits, keptAt } = await orKept<{ visits: Visit[] }>(error, LIST)
    return { rows: visits.map((visit) => ({ ...rowOf(visit), keptAt })) }
  }
}

const rowOf = (visit: Visit): Row => ({ ...visit, since: visit.requested_at })

/** Quietly: whoever opens a visit later sees by itself what is missing. */
async function fetchAhead(visits: Visit[]): Promise<void> {
  for (const visit of visits.slice(0, AHEAD)) {
    const copy = await kept.get<{ value: Known }>(oneOf(visit.application)).catch(() => undefined)
    if (copy?.value.visit.state === visit.state && copy.value.visit.letter_number === visit.letter_number) continue
    const isThere = await loadVisit(visit.application).then(
      () => true,
      () => false,
    )
    if (!isThere) return
  }
}

export async function loadVisit(application: string): Promise<Known> {
  const account = mine()
  try {
    const { visit } = await ask('inspection.visit.get', { application })
    const file = await ask('intake.application.get', { application })
    const { form_schema } = await ask('intake.service.get', { service: file.service })
    const known = { visit, applicant: file.applicant, form: file.form, schema: form_schema as Schema }
    await keep(account, oneOf(application), known)
    if (visit.letter_number) await loadLetter(visit).catch(() => undefined)
    return known
  } catch (error) {
    return orKept<Known>(error, oneOf(application))
  }
}

/** The letter in force; each new day has a new letter with a new number. */
export async function loadLetter(visit: Visit): Promise<Blob> {
  const account = mine()
  const name = `surat-tugas/${visit.application}`
  const copy = await kept.get<{ number: string; blob: Blob }>(name).catch(() => undefined)
  if (copy && copy.number === visit.letter_number) return copy.blob
  const blob = await bytes('document.assignment.print', { application: visit.application })
  await kept.put(name, { number: visit.letter_number, blob }, undefined, account).catch(() => undefined)
  return blob
}
