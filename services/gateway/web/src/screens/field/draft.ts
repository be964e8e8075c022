// Findings as far as they have been filled in: on the device with every key and every photograph, so that a browser that
// is closed, or a telephone that runs out, loses nothing.
import { useEffect, useRef, useState } from 'preact/hooks'
import { kept } from '../../offline/db'
import type { Entry } from '../../offline/outbox'
import { emptyOf, typedOf, type Schema, type Typed } from '../../ui/schema'
import type { Photo } from './photos'
import type { Typed as TypedPosition } from './position'
import type { Visit } from './store'

export interface Draft {
  typed: Typed
  result: '' | 'ok' | 'rejected'
  reason: string
  legalBasis: string
  visitedAt: string // as in the field, office's clock: "2026-11-23T09:20"
  position: TypedPosition
}

const officeClock = new Intl.DateTimeFormat('sv-SE', {
  dateStyle: 'short',
  timeStyle: 'short',
  timeZone: 'Asia/Jakarta',
})

/** A moment as the field for it wants it, on the office's clock. */
export const clockField = (at: Date): string => officeClock.format(at).replace(' ', 'T')
export const momentOf = (field: string): string => `${field}:00+07:00`

export const schemaOf = (visit: Visit): Schema => (typeof visit.findings_schema === 'object' ? visit.findings_schema : {})

const blank = (visit: Visit): Draft => ({
  typed: emptyOf(schemaOf(visit)),
  result: '',
  reason: '',
  legalBasis: '',
  visitedAt: '',
  position: { latitude: '', longitude: '', accuracy: '' },
})

/** A refused report as it was filled in. */
function fromEntry(visit: Visit, entry: Entry): { draft: Draft; photos: Photo[] } {
  const body = entry.body as {
    findings: unknown
    result: 'ok' | 'rejected'
    reason?: string
    legal_basis?: string
    visited_at: string
    position: { latitude: number; longitude: number; accuracy_m: number }
  }
  const figure = (value: number) => String(value).replace('.', ',')
  return {
    draft: {
      typed: typedOf(schemaOf(visit), body.findings),
      result: body.result,
      reason: body.reason ?? '',
      legalBasis: body.legal_basis ?? '',
      visitedAt: clockField(new Date(body.visited_at)),
      position: {
        latitude: figure(body.position.latitude),
        longitude: figure(body.position.longitude),
        accuracy: figure(body.position.accuracy_m),
      },
    },
    photos: entry.files.flatMap(({ name, blob }, at) => (blob ? [{ id: `${entry.id}-${at}`, name, blob }] : [])),
  }
}

export interface Kept {
  draft: Draft
  photos: Photo[]
  /** They are on the device as they are shown. */
  arePhotosKept: boolean
  /** What could not be kept on the device, if so. */
  problem: unknown
  change: (next: Partial<Draft>) => void
  setPhotos: (photos: Photo[]) => void
  /** Everything on the device as it is shown. */
  keep: () => Promise<void>
  forget: () => Promise<void>
}

/** The draft of a visit once it has been read from the device; `entry`: the refused report to begin with. */
export function useDraft(visit: Visit, entry: Entry | undefined): Kept | undefined {
  const textName = `temuan/${visit.application}`
  const photosName = `foto/${visit.application}`
  const work = `temuan lapangan ${visit.number}`
  const photosWork = (photos: Photo[]) => (photos.length ? `${photos.length} foto ${visit.number}` : undefined)
  const [state, setState] = useState<{ draft: Draft; photos: Photo[] }>()
  const [written, setWritten] = useState<Photo[]>()
  const [problem, setProblem] = useState<unknown>()
  const latest = useRef<Draft>(blank(visit))
  // One write after the other: the last one typed is the last one kept.
  const writing = useRef<Promise<void>>(Promise.resolve())
  const write = (job: () => Promise<void>) => {
    writing.current = writing.current.then(job).then(() => setProblem(undefined), setProblem)
    return writing.current
  }

  useEffect(() => {
    const read = async () => {
      const draft = await kept.get<Draft>(textName).catch(() => undefined)
      const photos = await kept.get<Photo[]>(photosName).catch(() => undefined)
      // What was typed after the report was refused is newer than the report.
      const before = entry ? fromEntry(visit, entry) : { draft: blank(visit), photos: [] }
      return { draft: draft ?? before.draft, photos: photos ?? before.photos }
    }
    void read().then((found) => {
      latest.current = found.draft
      setWritten(found.photos)
      setState(found)
    })
  }, [visit.application, visit.attempt, entry?.id])

  if (!state) return undefined
  return {
    ...state,
    arePhotosKept: state.photos === written,
    problem,
    change(next) {
      // The visit is when it is first written about, unless the officer says otherwise.
      const draft = { ...latest.current, ...next, visitedAt: next.visitedAt ?? (latest.current.visitedAt || clockField(new Date())) }
      latest.current = draft
      setState((before) => ({ photos: before?.photos ?? [], draft }))
      void write(() => kept.put(textName, draft, work))
    },
    setPhotos(photos) {
      setState((before) => ({ draft: before?.draft ?? latest.current, photos }))
      void write(async () => {
        await kept.put(photosName, photos, photosWork(photos))
        setWritten(photos)
      })
    },
    keep: () =>
      write(async () => {
        await kept.put(textName, state.draft, work)
        await kept.put(photosName, state.photos, photosWork(state.photos))
        setWritten(state.photos)
      }),
    forget: () =>
      write(async () => {
        await kept.remove(textName)
        await kept.remove(photosName)
      }),
  }
}
