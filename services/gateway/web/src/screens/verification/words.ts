// What a verifier may decide, in words: on the button, in the question before it is done, and afterwards in lists.
import type { Case } from '../../ui/case_facts'
import type { Body, Reply } from '../../api'

export type Task = Reply<'verification.task.get'>['task']
export type Decision = Body<'verification.task.decide'>
export type Outcome = Decision['outcome']

export const allOutcomes: readonly Outcome[] = ['ok', 'needs_inspection', 'incomplete', 'rejected']

export const outcomeWords: Record<Outcome, string> = {
  ok: 'Dinyatakan sesuai',
  needs_inspection: 'Diteruskan ke pemeriksaan lapangan',
  incomplete: 'Dikembalikan untuk dilengkapi',
  rejected: 'Ditolak',
}

export const buttonWords: Record<Outcome, string> = {
  ok: 'Berkas sesuai',
  needs_inspection: 'Perlu pemeriksaan lapangan',
  incomplete: 'Kembalikan untuk dilengkapi',
  rejected: 'Tolak permohonan',
}

/** A visit after the first: the same file on the same desk again; nobody went anywhere ("kunjungan" is what the field calls it). */
export const visitWords = (attempt: number): string => `pemeriksaan ke-${attempt}`

const told = (file: Case): string =>
  file.applicant?.email
    ? 'Pemohon diberi tahu lewat surel.'
    : `Pemohon tidak mempunyai alamat surel: beri tahu ${file.applicant?.phone ? `lewat telepon ${file.applicant.phone}` : 'saat datang ke loket'}.`

/** What will happen and to whom the file goes. */
export function consequence(outcome: Outcome, task: Task, file: Case): string {
  switch (outcome) {
    case 'ok':
      return task.facts['field_check'] === true
        ? 'Berkas diteruskan ke petugas teknis untuk pemeriksaan lapangan, yang diwajibkan pada layanan ini.'
        : 'Berkas diteruskan ke operator untuk penyusunan dokumen.'
    case 'needs_inspection':
      return 'Berkas diteruskan ke petugas teknis, yang menjadwalkan pemeriksaan lapangan. Hasilnya diteruskan ke operator.'
    case 'incomplete':
      return `Berkas kembali ke loket sampai kekurangannya dibawa; selama itu hari pelayanan tidak dihitung. ${told(file)}`
    case 'rejected':
      return `Permohonan berakhir di sini. ${told(file)}`
  }
}
