// NIK, the 16 digits of a resident, read as common/nik.h does: PPKKCC DDMMYY SSSS, 40 added to the day of women.  It tells
// birth date (the century is guessed) and sex, and whether the number can exist; not whether it does.
export const NIK_LENGTH = 16
const FEMALE_DAYS = 40

export type Sex = 'L' | 'P'

export interface Nik {
  /** Why it is impossible, in the server's words (services/intake/intake_citizen.c). */
  fault?: string
  birthDate?: string // "1990-08-07"
  sex?: Sex
}

const isDate = (year: number, month: number, day: number): boolean => {
  const made = new Date(Date.UTC(year, month - 1, day))
  return made.getUTCMonth() === month - 1 && made.getUTCDate() === day
}

/** `today`: whoever would be born after it was born a hundred years earlier. */
export function readNik(nik: string, today: string): Nik {
  if (/\D/.test(nik)) return { fault: 'hanya boleh berisi angka' }
  if (nik.length !== NIK_LENGTH) return { fault: 'panjangnya harus 16 angka' }
  if (nik.endsWith('0000')) return { fault: 'nomor urut 0000 tidak pernah diterbitkan' }
  const coded = Number(nik.slice(6, 8))
  const day = coded > FEMALE_DAYS ? coded - FEMALE_DAYS : coded
  const month = Number(nik.slice(8, 10))
  const year = 2000 + Number(nik.slice(10, 12))
  if (!isDate(year, month, day)) return { fault: 'tanggal lahir di dalamnya tidak mungkin' }
  const rest = `-${nik.slice(8, 10)}-${String(day).padStart(2, '0')}`
  return { birthDate: `${year}${rest}` > today ? `${year - 100}${rest}` : `${year}${rest}`, sex: coded > FEMALE_DAYS ? 'P' : 'L' }
}

/** The same, held against what was declared. */
export function nikFault(nik: string, today: string, declared?: { birthDate: string; sex: string }): string | undefined {
  const read = readNik(nik, today)
  if (read.fault || !declared) return read.fault
  if (declared.birthDate && declared.birthDate.slice(2) !== read.birthDate?.slice(2))
    return 'tanggal lahir di dalamnya berbeda dari yang diisi'
  if (declared.sex && declared.sex !== read.sex) return 'jenis kelamin di dalamnya berbeda dari yang diisi'
  return undefined
}

/** Issued in another place than `region` ("35.29.22")?  People move, kecamatan are split: this warns and never blocks. */
export const isFromElsewhere = (nik: string, region: string): boolean => {
  const digits = region.replace(/\./g, '').slice(0, 6)
  return nik.length === NIK_LENGTH && !nik.startsWith(digits)
}
