// The official names of roles, stations and states, in one place, so that every screen says the same word for the same
// thing (and the citizen's page too: services/gateway/page.c).
import type { Role } from './session'

export const roleWords: Record<Role, string> = {
  pemandu: 'Pemandu',
  informasi: 'Petugas informasi',
  loket: 'Petugas loket',
  verifikator: 'Verifikator',
  petugas_teknis: 'Petugas teknis',
  operator: 'Operator',
  kasi_pelayanan: 'Kasi Pelayanan',
  sekcam: 'Sekretaris Camat',
  camat: 'Camat',
  kasir: 'Kasir',
  penyerahan: 'Petugas penyerahan',
  admin_kabupaten: 'Admin kabupaten',
}

export const stepWords: Record<string, string> = {
  verification: 'Verifikasi berkas',
  completion: 'Melengkapi persyaratan',
  inspection: 'Peninjauan lapangan',
  drafting: 'Penyusunan dokumen',
  paraf_kasi: 'Paraf Kasi Pelayanan',
  paraf_sekcam: 'Paraf Sekretaris Camat',
  finalizing: 'Penetapan dokumen',
  signing: 'Tanda tangan Camat',
  payment: 'Pembayaran',
  handover: 'Penyerahan',
}

export const statusWords: Record<string, string> = {
  incomplete: 'Belum lengkap',
  registered: 'Diproses',
  done: 'Selesai',
  rejected: 'Ditolak',
  withdrawn: 'Ditarik kembali',
}
