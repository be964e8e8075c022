// Every desk with a file on it, looked at: accessibility in both schemes, the three widths, no fault of the page.
// What the other tests look at on their way (sign-in, loket, verification, case) is not repeated here.
import { test } from 'node:test'
import { browser, looked, officer, prepare } from './lib.mjs'
import { openAt } from './desks.mjs'

const chromium = browser()

/** The officer's inbox, then the file at the desk; `more`: other screens of that desk by name. */
async function desk(who, path, step, service = 'sktm', more = async () => undefined) {
  const { application } = await prepare(service, step)
  const page = await officer(chromium(), who)
  await page.goto(`/petugas/${path}`)
  await page.locator('a.row-link').first().waitFor()
  await looked(page, `${path}-masuk`)
  await openAt(page, path, application)
  await page.locator('main h1').waitFor()
  await looked(page, path)
  await more(page, application)
  await page.context().close()
}

test('lapangan', () => desk('teknis', 'lapangan', 'inspection', 'izin_penutupan_jalan'))
test('penyusunan', () => desk('operator', 'penyusunan', 'drafting'))
test('paraf', () =>
  desk('kasi', 'paraf', 'paraf_kasi', 'sktm', async (page, application) => {
    await page.goto(`/petugas/paraf/beberapa?berkas=${application}`)
    await page.getByText('Dokumen 1 dari 1').waitFor()
    await looked(page, 'paraf-beberapa')
  }))
test('tanda tangan', () =>
  desk('camat', 'tanda-tangan', 'signing', 'sktm', async (page) => {
    await page.locator('main').getByRole('button', { name: 'Tanda tangani' }).click()
    await page.getByRole('dialog').waitFor()
    await looked(page, 'tanda-tangan-frasa')
  }))
test('kasir', () =>
  desk('kasir', 'kasir', 'payment', 'izin_penutupan_jalan', async (page) => {
    await page.goto('/petugas/kasir/tutup')
    await page.getByRole('heading', { name: 'Penerimaan kasir' }).waitFor()
    await looked(page, 'kasir-tutup')
  }))
test('penyerahan', () => desk('penyerahan', 'penyerahan', 'handover'))

test('nothing waits, and the slip', async () => {
  const { application } = await prepare('sktm', 'verification')
  const page = await officer(chromium(), 'loket')
  await page.goto('/petugas/menunggu')
  await page.getByRole('heading', { name: 'Menunggu dikirim' }).waitFor()
  await looked(page, 'menunggu-kosong')
  await page.goto(`/petugas/loket/permohonan/${application}/struk`)
  await page.getByRole('button', { name: 'Cetak' }).waitFor()
  await looked(page, 'struk')
  await page.getByRole('button', { name: 'Kunci' }).click()
  await page.getByLabel('Kata sandi').waitFor()
  await looked(page, 'terkunci')
  await page.context().close()
})
