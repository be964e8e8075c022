// The names of kecamatan and services, asked for once and kept: lists speak in codes, people do not.
import { ask, type Reply } from './api'
import { useLoad } from './hooks'
import { session, type Role } from './session'

type Kecamatan = Reply<'intake.kecamatan.list'>['kecamatan']
type Services = Reply<'intake.service.list'>['services']

let kept: Promise<[Kecamatan, Services]> | undefined

/** Both lists; what could not be had is asked for again the next time. */
function load(): Promise<[Kecamatan, Services]> {
  kept ??= Promise.all([ask('intake.kecamatan.list').then((all) => all.kecamatan), ask('intake.service.list').then((all) => all.services)])
  kept.catch(() => (kept = undefined))
  return kept
}
session.onWipe(() => void (kept = undefined))

export interface Names {
  /** "35.29.22" → "Ra'as"; the code itself while the name is not known. */
  kecamatan: (code: string) => string
  /** "sktm" → "Surat Keterangan Tidak Mampu" */
  service: (code: string) => string
  allKecamatan: Kecamatan
  allServices: Services
}

export function useNames(): Names {
  const [kecamatan, services] = useLoad(load, []).value ?? [[], []]
  return {
    kecamatan: (code) => kecamatan.find((one) => one.code === code)?.name ?? code,
    service: (code) => services.find((one) => one.code === code)?.name ?? code,
    allKecamatan: kecamatan,
    allServices: services,
  }
}

const WHOLE_KECAMATAN = 8 // "35.29.22"; a shorter place is a kabupaten

/** The kecamatan for which this officer has one of the roles; a grant for the kabupaten is all of its. */
export function kecamatanOf(roles: readonly Role[], names: Names): string[] {
  const places = [...new Set(roles.flatMap((role) => session.places(role)))]
  return places.every((place) => place.length === WHOLE_KECAMATAN)
    ? places
    : names.allKecamatan.map((one) => one.code).filter((code) => places.some((place) => code.startsWith(place)))
}
