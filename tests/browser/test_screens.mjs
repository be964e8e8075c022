// Every desk with a file on it, looked at: accessibility in both schemes, the three widths, no fault of the page.
// What the other tests look at on their way (sign-in, loket, verification, case) is not repeated here.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { URL_, browser, looked, officer, prepare } from './lib.mjs'
import { openAt } from './desks.mjs'
import { freshNik, picture } from './people.mjs'

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

/** The dialog that asks why, without a reason and with one. */
async function giveBack(page, name, inbox) {
  await page.locator('main').getByRole('button', { name }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: /^Kembalikan/ }).click()
  await dialog.getByText(/wajib diisi/).waitFor()
  await looked(page, `${inbox}-kembalikan`)
  await dialog.getByRole('textbox').fill('Nama dusun tidak sesuai surat pengantar.')
  await dialog.getByRole('button', { name: /^Kembalikan/ }).click()
  await page.waitForURL(new RegExp(`/petugas/${inbox}(\\?|$)`))
}

test('lapangan', () => desk('teknis', 'lapangan', 'inspection', 'izin_penutupan_jalan'))
test('penyusunan', () => desk('operator', 'penyusunan', 'drafting', 'sktm', (page) => giveBack(page, 'Kembalikan berkas', 'penyusunan')))
test('paraf', () =>
  desk('kasi', 'paraf', 'paraf_kasi', 'sktm', async (page, application) => {
    await page.goto(`/petugas/paraf/beberapa?berkas=${application}`)
    await page.getByText('Dokumen 1 dari 1').waitFor()
    await looked(page, 'paraf-beberapa')
    await openAt(page, 'paraf', application)
    await giveBack(page, 'Kembalikan…', 'paraf')
  }))
test('tanda tangan', () =>
  desk('camat', 'tanda-tangan', 'signing', 'sktm', async (page, application) => {
    await page.goto(`/petugas/tanda-tangan/beberapa?berkas=${application}`)
    await page.getByText('Dokumen 1 dari 1').waitFor()
    await looked(page, 'tanda-tangan-beberapa')
    await openAt(page, 'tanda-tangan', application)
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
test('setoran: what was taken goes to the kas daerah', async () => {
  await prepare('izin_penutupan_jalan', 'handover')
  const page = await officer(chromium(), 'kasir')
  await page.goto('/petugas/kasir')
  await page.getByRole('link', { name: 'Setoran ke kas daerah' }).click()
  const record = page.getByRole('button', { name: 'Catat setoran' })
  await record.click()
  await page.getByText('Isi jumlah pada bukti setor bank.').first().waitFor()
  await looked(page, 'kasir-setoran-kosong')
  await page.getByLabel('Jumlah pada bukti setor (Rp)').fill('1')
  await page.getByLabel('Nomor bukti setor bank').fill(`bpd/${freshNik()}`)
  const sent = async () => {
    await record.click()
    await page.getByRole('dialog').getByRole('button', { name: 'Sudah cocok, catat' }).click()
  }
  const keys = []
  page.on('request', (asked) => {
    if (asked.method() === 'POST' && asked.url().endsWith('/v1/payment/deposits')) keys.push(asked.headers()['idempotency-key'])
  })
  await sent()
  await page
    .getByText(/Tidak ada tanda bukti berurutan/)
    .first()
    .waitFor()
  await Promise.all([page.waitForResponse((answer) => answer.url().endsWith('/v1/payment/deposits')), sent()])
  assert.equal(new Set(keys).size, 2, 'what was refused is asked anew under a key of its own')
  await page
    .getByText(/Tidak ada tanda bukti berurutan/)
    .first()
    .waitFor()
  assert.match(await page.evaluate(() => document.activeElement.textContent), /Tidak ada tanda bukti berurutan/)
  await looked(page, 'kasir-setoran')
  await page.getByLabel('Jumlah pada bukti setor (Rp)').fill(await page.locator('.promise').textContent())
  await record.click()
  await looked(page, 'kasir-setoran-ditanya')
  await page.getByRole('dialog').getByRole('button', { name: 'Kembali' }).click()
  await sent()
  await page.getByText(/Setoran STS-\d{6}\/35\.29\.22\/\d{4} tercatat/).waitFor()
  await page.locator('.promise', { hasText: /^Rp0$/ }).waitFor()
  await looked(page, 'kasir-setoran-tercatat')
  await page.context().close()
})
test('penyerahan, to somebody with a written authority', () =>
  desk('penyerahan', 'penyerahan', 'handover', 'sktm', async (page, application) => {
    await page.getByLabel('Orang lain dengan surat kuasa').check()
    await page.getByLabel('Nama', { exact: true }).fill('Moh. Kuasa')
    await page.getByLabel('NIK', { exact: true }).fill(freshNik())
    await page.getByLabel('Surat kuasa', { exact: true }).setInputFiles(picture('kuasa.png'))
    await page.getByLabel(/sudah saya cocokkan/).check()
    await page.getByLabel(/menandatangani buku penyerahan/).check()
    await looked(page, 'penyerahan-kuasa')
    await page.getByRole('button', { name: 'Serahkan dan selesai' }).click()
    await page.waitForURL(/\/petugas\/penyerahan(\?|$)/)
    await page.goto(`/petugas/permohonan/${application}`)
    await page.getByText('Moh. Kuasa, dengan surat kuasa').waitFor()
  }))

test('nothing waits, and the slip', async () => {
  const { application } = await prepare('sktm', 'verification')
  // The office reaches the gateway by another name than the public does.
  const page = await officer(chromium(), 'loket', { baseURL: URL_.replace('127.0.0.1', 'localhost') })
  await page.goto('/petugas/menunggu')
  await page.getByRole('heading', { name: 'Menunggu dikirim' }).waitFor()
  await looked(page, 'menunggu-kosong')
  await page.goto(`/petugas/loket/permohonan/${application}/struk`)
  await page.getByRole('button', { name: 'Cetak' }).waitFor()
  await page.getByText(`Lacak: ${URL_}/lacak`).waitFor()
  await looked(page, 'struk')
  await page.getByRole('button', { name: 'Kunci' }).click()
  await page.getByLabel('Kata sandi').waitFor()
  await looked(page, 'terkunci')
  await page.context().close()
})
