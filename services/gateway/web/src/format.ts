// Dates, times and money as Indonesian offices write them.  The office's clock is WIB (common/local_time.h).
const ZONE = 'Asia/Jakarta'

const day = new Intl.DateTimeFormat('id-ID', { day: 'numeric', month: 'long', year: 'numeric', timeZone: ZONE })
const dayOfWeek = new Intl.DateTimeFormat('id-ID', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', timeZone: ZONE })
const clock = new Intl.DateTimeFormat('id-ID', { hour: '2-digit', minute: '2-digit', timeZone: ZONE })
const isoDay = new Intl.DateTimeFormat('en-CA', { year: 'numeric', month: '2-digit', day: '2-digit', timeZone: ZONE })
const amount = new Intl.NumberFormat('id-ID')

/** "2026-11-23" → "23 November 2026" */
export const date = (iso: string): string => day.format(new Date(`${iso}T12:00:00+07:00`))
/** "2026-11-23" → "Senin, 23 November 2026" */
export const longDate = (iso: string): string => dayOfWeek.format(new Date(`${iso}T12:00:00+07:00`))
/** RFC 3339 → "22 November 2026 pukul 09.30" */
export const moment = (iso: string): string => `${day.format(new Date(iso))} pukul ${clock.format(new Date(iso))}`
/** 10000 → "Rp10.000" */
export const rupiah = (value: number): string => `Rp${amount.format(value)}`
/** Today in the office, "2026-11-22" */
export const today = (): string => isoDay.format(new Date())

/** Calendar days from today until the date; negative: it has passed. */
export function daysUntil(iso: string): number {
  return Math.round((Date.parse(`${iso}T00:00:00Z`) - Date.parse(`${today()}T00:00:00Z`)) / 86_400_000)
}

/** How a due date stands today, in words. */
export function dueWords(iso: string): string {
  const days = daysUntil(iso)
  if (days < 0) return `terlambat ${-days} hari`
  return days === 0 ? 'hari ini' : days === 1 ? 'besok' : `${days} hari lagi`
}

/** How long ago a moment was, as one says it: "3 jam lalu", "2 hari lalu". */
export function agoWords(iso: string): string {
  const minutes = Math.floor((Date.now() - Date.parse(iso)) / 60_000)
  if (minutes < 1) return 'baru saja'
  if (minutes < 60) return `${minutes} menit lalu`
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} jam lalu`
  return `${Math.floor(minutes / (24 * 60))} hari lalu`
}
