// The official names of roles, stations and states, in one place, so that every screen says the same word for the same
// thing (and the citizens' pages too: tests/checks/words).
import { longDate } from './format'
import type { Role } from './session'

export const roleWords: Record<Role, string> = {
  pemandu: 'Pemandu',
  informasi: 'Petugas informasi',
  loket: 'Petugas loket',
  verifikator: 'Verifikator',
  petugas_teknis: 'Petugas teknis',
  operator: 'Operator',
  kasi_pelayanan: 'Kasi Pelayanan',
  sekcam: 'Sekretaris Kecamatan',
  camat: 'Camat',
  kasir: 'Kasir',
  penyerahan: 'Petugas penyerahan',
  admin_kabupaten: 'Admin kabupaten',
}

/** The stages, as the citizen reads them on /lacak (services/intake/intake_citizen.c). */
export const stepWords: Record<string, string> = {
  verification: 'Pemeriksaan berkas',
  completion: 'Melengkapi berkas',
  inspection: 'Pemeriksaan lapangan',
  drafting: 'Penyusunan dokumen',
  paraf_kasi: 'Paraf Kepala Seksi',
  paraf_sekcam: 'Paraf Sekretaris Kecamatan',
  finalizing: 'Penomoran dokumen',
  signing: 'Tanda tangan Camat',
  payment: 'Pembayaran retribusi',
  handover: 'Penyerahan dokumen',
}

export const statusWords: Record<string, string> = {
  incomplete: 'Belum lengkap',
  registered: 'Sedang diproses',
  done: 'Dokumen diserahkan',
  rejected: 'Ditolak',
  withdrawn: 'Dicabut pemohon',
}

/** How a stage ended. */
const outcomes: Record<string, string> = {
  incomplete: 'Belum lengkap, dikembalikan kepada pemohon untuk dilengkapi',
  needs_inspection: 'Perlu pemeriksaan lapangan',
  rejected: 'Ditolak',
  returned: 'Dikembalikan untuk diperbaiki',
  withdrawn: 'Dicabut pemohon',
}

const wellEnded: Record<string, string> = {
  verification: 'Berkas lengkap dan benar',
  completion: 'Kekurangan berkas sudah dibawa',
  inspection: 'Sesuai dengan keadaan di lapangan',
  drafting: 'Konsep dokumen selesai disusun',
  paraf_kasi: 'Diparaf',
  paraf_sekcam: 'Diparaf',
  finalizing: 'Dokumen diberi nomor',
  signing: 'Ditandatangani',
  payment: 'Retribusi dibayar',
  handover: 'Dokumen diserahkan',
}

export const outcomeWords = (step: string, outcome: string): string => (outcome === 'ok' ? wellEnded[step] : outcomes[outcome]) ?? 'Selesai'

/** What the applicant was told, by kind of message. */
export const messageWords: Record<string, string> = {
  registered: 'Permohonan didaftarkan',
  incomplete: 'Berkas perlu dilengkapi',
  payment_due: 'Retribusi dapat dibayar',
  ready: 'Dokumen siap diambil',
  done: 'Dokumen sudah diserahkan',
  rejected: 'Permohonan ditolak',
  withdrawn: 'Permohonan dicabut',
}

export const sexWords = { L: 'Laki-laki', P: 'Perempuan' } as const

/** What the citizen was promised: "Selesai Senin, 23 November 2026", "Tunggu, kira-kira 15 menit"; nothing while the file
 * is incomplete. */
export function promiseWords(one: { promised_on: string | null; wait: boolean; wait_minutes?: number }): string | undefined {
  if (one.wait) return one.wait_minutes ? `Tunggu, kira-kira ${one.wait_minutes} menit` : 'Ditunggu'
  return one.promised_on ? `Selesai ${longDate(one.promised_on)}` : undefined
}
