// The papers of one application that this officer may see: what was brought, what the office made of it.  Whether there is
// one, the course tells; who may see it, the server decides (the roles here spare people a refusal).
import { bytes } from '../../api'
import type { Role } from '../../session'
import { requirementPapers, type Case } from '../../ui/case_facts'
import type { DeskPaper } from '../../ui/desk'

const CHAIN: Role[] = ['operator', 'kasi_pelayanan', 'sekcam', 'camat']
const MONEY: Role[] = ['kasir', 'penyerahan', 'loket', 'kasi_pelayanan', 'sekcam', 'camat']
const FIELD: Role[] = ['petugas_teknis', 'verifikator', ...CHAIN]

interface Kind {
  key: string
  title: string
  method: Parameters<typeof bytes>[0]
  roles?: Role[]
  isThere: (one: Case) => boolean
}

const ended = (one: Case, step: string) => one.steps.some((visit) => visit.step === step && visit.outcome === 'ok')
const begun = (one: Case, step: string) => one.steps.some((visit) => visit.step === step)

/** What the office makes, newest first: the signed document is what most people look for. */
const made: Kind[] = [
  { key: 'ttd', title: 'Dokumen bertanda tangan', method: 'signing.document.get', isThere: (one) => ended(one, 'signing') },
  {
    key: 'final',
    title: 'Dokumen sebelum ditandatangani',
    method: 'document.final.get',
    roles: CHAIN,
    isThere: (one) => one.step === 'signing',
  },
  {
    key: 'konsep',
    title: 'Konsep dokumen',
    method: 'document.draft.print',
    roles: CHAIN,
    isThere: (one) => ended(one, 'drafting') && !ended(one, 'finalizing'),
  },
  {
    key: 'tbp',
    title: 'Tanda bukti pembayaran (TBP)',
    method: 'document.payment.print',
    roles: MONEY,
    isThere: (one) => 'paid_rupiah' in one.facts,
  },
  {
    key: 'skrd',
    title: 'Surat ketetapan retribusi (SKRD)',
    method: 'document.bill.print',
    roles: MONEY,
    isThere: (one) => begun(one, 'payment'),
  },
  { key: 'tugas', title: 'Surat tugas', method: 'document.assignment.print', roles: FIELD, isThere: (one) => ended(one, 'inspection') },
  { key: 'tanda-terima', title: 'Tanda terima', method: 'document.receipt.print', isThere: (one) => one.number !== undefined },
  { key: 'kurang', title: 'Daftar kekurangan', method: 'document.missing.print', isThere: (one) => one.missing.length > 0 },
]

export function papersOf(one: Case, roles: ReadonlySet<Role>): DeskPaper[] {
  const application = one.application
  const ours = made
    .filter((kind) => kind.isThere(one) && (!kind.roles || kind.roles.some((role) => roles.has(role))))
    .map(({ key, title, method }) => ({ key, title, load: () => bytes(method, { application }) }))
  const signature = one.handover?.signature_file
  const taken = signature
    ? [{ key: 'tanda-tangan', title: 'Tanda tangan pengambil', load: () => bytes('archive.file.get', { file: signature }) }]
    : []
  return [...ours, ...taken, ...requirementPapers(one.requirements)]
}
