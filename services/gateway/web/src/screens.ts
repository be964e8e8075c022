// Every screen: its address below /petugas/, who has it in the menu, and where its code is (loaded when it is first
// opened).  The server checks each question and command by itself; the menu only spares people the refusal.
import type { ComponentType } from 'preact'
import type { Role } from './session'

export interface ScreenProps {
  /** The parts of the address named in `path`. */
  parts: Record<string, string>
}

export interface Screen {
  path: string // "/permohonan/:application"
  title: string
  roles: Role[] | 'all' // who may open it
  isInMenu: boolean
  load: () => Promise<{ default: ComponentType<ScreenProps> }>
}

// The roles that may see a whole case (INTAKE_READERS of the intake service).
const PAPER_WORKERS: Role[] = [
  'loket',
  'verifikator',
  'petugas_teknis',
  'operator',
  'kasi_pelayanan',
  'sekcam',
  'camat',
  'penyerahan',
  'admin_kabupaten',
]

const PARAF: Role[] = ['kasi_pelayanan', 'sekcam']

export const screens: Screen[] = [
  { path: '/', title: 'Beranda', roles: 'all', isInMenu: false, load: () => import('./screens/home') },
  { path: '/permohonan/:application', title: 'Permohonan', roles: PAPER_WORKERS, isInMenu: false, load: () => import('./screens/case') },
  { path: '/loket', title: 'Loket', roles: ['loket'], isInMenu: true, load: () => import('./screens/loket/desk') },
  {
    path: '/loket/permohonan/:application',
    title: 'Permohonan di loket',
    roles: ['loket'],
    isInMenu: false,
    load: () => import('./screens/loket/case'),
  },
  {
    path: '/loket/permohonan/:application/struk',
    title: 'Struk',
    roles: ['loket'],
    isInMenu: false,
    load: () => import('./screens/loket/case_slip'),
  },
  {
    path: '/loket/sementara/:entry',
    title: 'Tanda terima sementara',
    roles: ['loket'],
    isInMenu: false,
    load: () => import('./screens/loket/provisional'),
  },
  {
    path: '/loket/sementara/:entry/struk',
    title: 'Struk sementara',
    roles: ['loket'],
    isInMenu: false,
    load: () => import('./screens/loket/provisional'),
  },
  { path: '/verifikasi', title: 'Verifikasi', roles: ['verifikator'], isInMenu: true, load: () => import('./screens/verification/inbox') },
  {
    path: '/verifikasi/:application',
    title: 'Verifikasi berkas',
    roles: ['verifikator', 'kasi_pelayanan', 'sekcam', 'camat'],
    isInMenu: false,
    load: () => import('./screens/verification/desk'),
  },
  { path: '/penyusunan', title: 'Penyusunan', roles: ['operator'], isInMenu: true, load: () => import('./screens/drafting/inbox') },
  {
    path: '/penyusunan/:application',
    title: 'Penyusunan dokumen',
    roles: ['operator'],
    isInMenu: false,
    load: () => import('./screens/drafting/desk'),
  },
  {
    path: '/lapangan',
    title: 'Pemeriksaan lapangan',
    roles: ['petugas_teknis'],
    isInMenu: true,
    load: () => import('./screens/field/inbox'),
  },
  {
    path: '/lapangan/:application',
    title: 'Pemeriksaan lapangan',
    roles: ['petugas_teknis'],
    isInMenu: false,
    load: () => import('./screens/field/visit'),
  },
  { path: '/paraf', title: 'Paraf', roles: PARAF, isInMenu: true, load: () => import('./screens/signing/paraf') },
  { path: '/paraf/beberapa', title: 'Paraf', roles: PARAF, isInMenu: false, load: () => import('./screens/signing/paraf') },
  { path: '/paraf/:application', title: 'Paraf', roles: PARAF, isInMenu: false, load: () => import('./screens/signing/paraf') },
  { path: '/tanda-tangan', title: 'Tanda tangan', roles: ['camat'], isInMenu: true, load: () => import('./screens/signing/signature') },
  {
    path: '/tanda-tangan/beberapa',
    title: 'Tanda tangan',
    roles: ['camat'],
    isInMenu: false,
    load: () => import('./screens/signing/signature'),
  },
  {
    path: '/tanda-tangan/:application',
    title: 'Tanda tangan',
    roles: ['camat'],
    isInMenu: false,
    load: () => import('./screens/signing/signature'),
  },
  { path: '/kasir', title: 'Kasir', roles: ['kasir'], isInMenu: true, load: () => import('./screens/cashier/inbox') },
  { path: '/kasir/tutup', title: 'Penerimaan kasir', roles: ['kasir'], isInMenu: false, load: () => import('./screens/cashier/closing') },
  { path: '/kasir/setoran', title: 'Setoran kas', roles: ['kasir'], isInMenu: false, load: () => import('./screens/cashier/deposit') },
  { path: '/kasir/:application', title: 'Pembayaran', roles: ['kasir'], isInMenu: false, load: () => import('./screens/cashier/desk') },
  { path: '/penyerahan', title: 'Penyerahan', roles: ['penyerahan'], isInMenu: true, load: () => import('./screens/handover/inbox') },
  {
    path: '/penyerahan/:application',
    title: 'Penyerahan',
    roles: ['penyerahan'],
    isInMenu: false,
    load: () => import('./screens/handover/desk'),
  },
  { path: '/menunggu', title: 'Menunggu dikirim', roles: 'all', isInMenu: false, load: () => import('./screens/waiting') },
]

/** Nothing: a % that stands for no character; somebody cut the address. */
function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part)
  } catch {
    return undefined
  }
}

/** The screen of a path with its parts, or nothing. */
export function find(path: string): { screen: Screen; parts: Record<string, string> } | undefined {
  const given = path.split('/')
  for (const screen of screens) {
    const wanted = screen.path.split('/')
    const parts: Record<string, string> = {}
    const fits =
      wanted.length === given.length &&
      wanted.every((part, at) => {
        if (!part.startsWith(':')) return part === given[at]
        const named = decoded(given[at] ?? '')
        parts[part.slice(1)] = named ?? ''
        return Boolean(named)
      })
    if (fits) return { screen, parts }
  }
  return undefined
}

export const mayOpen = (screen: Screen, roles: ReadonlySet<Role>): boolean =>
  screen.roles === 'all' || screen.roles.some((role) => roles.has(role))
