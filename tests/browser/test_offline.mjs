// The office without a line: it is cut in the midst of a registration and of a field visit, the browser is closed and
// opened, the line comes back: exactly one application, every photograph there.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { URL_, judgeManifest, looked, openDevice, prepare, signIn, sql, typedIsKept } from './lib.mjs'
import { line } from './line.mjs'
import { fillForm, fillPerson } from './desks.mjs'
import { freshNik, picture, SKTM } from './people.mjs'

const opened = [] // every browser of these tests
let wire, folder
before(async () => {
  wire = await line(URL_)
  folder = mkdtempSync(join(tmpdir(), 'paten-browser-'))
})
after(async () => {
  // A test that failed left its own open, and Node waits for it.
  for (const page of opened) await page.context().close()
  wire.close()
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
})

/** The same device with its memory, in a browser that was started anew. */
async function open(name, path) {
  const page = await openDevice(join(folder, name), wire.url)
  opened.push(page)
  if (path) await page.goto(path)
  return page
}

/** Until the service worker answers for this page: from then on it opens without a line. */
async function ready(page) {
  await page.evaluate(() => navigator.serviceWorker.ready)
  await page.reload()
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
}

test('a registration', async () => {
  const nik = freshNik(29) // of a day that nobody else uses: it is counted below
  const name = `Siti Luring ${nik.slice(-4)}`
  let page = await open('loket')
  await signIn(page, 'loket')
  await page.goto('/petugas/loket')
  await ready(page)
  await judgeManifest(page)
  await page.locator('a[href$="layanan=sktm"]').click()
  await page.getByLabel('NIK').first().fill(nik)
  await page.getByLabel('Nama lengkap').fill(name)
  await page.getByRole('textbox', { name: 'Pekerjaan' }).fill('Petani')
  await page.getByLabel('Tempat lahir').fill('Sumenep')

  wire.cut()
  await page.getByLabel('Alamat').fill("Dusun Laok RT 002 RW 001, Desa Brakas, Kecamatan Ra'as")
  await fillForm(page, SKTM)
  await page
    .getByRole('group', { name: /Surat pengantar/ })
    .locator('input[type=file]')
    .first()
    .setInputFiles(picture('pengantar.png', 70))
  await page.getByText(/pengantar\.png .*diunggah saat sambungan ada/).waitFor()
  await typedIsKept(page)
  await page.context().close()

  page = await open('loket', '/petugas/loket') // no line, and closed before it was sent
  await page.getByRole('link', { name }).click()
  await page.getByText(/pengantar\.png .*diunggah saat sambungan ada/).waitFor()
  assert.equal(
    await page.getByRole('region', { name: 'Isian layanan' }).getByLabel('Keperluan').inputValue(),
    'Keringanan biaya pendidikan',
  )
  await looked(page, 'luring-dilanjutkan')
  for (const box of await page.getByRole('region', { name: 'Persyaratan' }).getByRole('checkbox').all()) await box.check()
  await page.getByRole('button', { name: /Daftarkan/ }).click()
  await page.getByRole('heading', { name: 'Disimpan di perangkat ini' }).waitFor({ timeout: 40_000 })
  await page
    .getByText(/SEMENTARA-/)
    .first()
    .waitFor()
  await looked(page, 'luring-tersimpan')
  await page.getByRole('button', { name: /Cetak tanda terima sementara/ }).click()
  await page.getByRole('heading', { name: 'Tanda Terima Sementara' }).waitFor()
  await looked(page, 'luring-struk-sementara')
  await page.context().close()

  page = await open('loket', '/petugas/menunggu') // still no line
  await page.getByText(name).first().waitFor()
  await page.getByRole('link', { name: /1 menunggu dikirim/ }).waitFor()
  await looked(page, 'luring-menunggu')
  assert.deepEqual(await sql(`SELECT count(*) FROM intake.applicant WHERE nik = '${nik}'`), [['0']])

  wire.mend()
  await page.evaluate(() => dispatchEvent(new Event('online')))
  await page.getByRole('link', { name: /menunggu dikirim/ }).waitFor({ state: 'detached', timeout: 60_000 })
  await page.reload()
  const [[applications, numbered]] = await sql(
    `SELECT count(*), count(a.number) FROM intake.applicant p JOIN intake.application a ON a.id = p.application WHERE p.nik = '${nik}'`,
  )
  assert.deepEqual([applications, numbered], ['1', '1'], 'exactly one application, with its number')
  const [[files]] = await sql(
    `SELECT count(r.file) FROM intake.applicant p JOIN intake.requirement_item r ON r.application = p.application WHERE p.nik = '${nik}'`,
  )
  assert.equal(files, '1', 'with the file that was chosen without a line')
  await page.goto('/petugas/loket')
  await page.getByRole('heading', { name: /Daftar baru/ }).waitFor()
  assert.equal(await page.getByText('Belum dikirim').count(), 0, 'no draft of it is left')
  await page.context().close()
})

test('what the server refuses later is corrected', async () => {
  const nik = freshNik(30)
  const name = `Siti Koreksi ${nik.slice(-4)}`
  const page = await open('koreksi')
  await signIn(page, 'loket')
  await page.goto('/petugas/loket')
  await ready(page)
  await page.locator('a[href$="layanan=sktm"]').click()
  await fillPerson(page, nik, name)
  await fillForm(page, SKTM)
  wire.cut()
  const letter = page.getByRole('group', { name: /Surat pengantar/ })
  // By its name a PDF, by its bytes none: only the server sees that.
  await letter
    .locator('input[type=file]')
    .first()
    .setInputFiles({ name: 'bukan.pdf', mimeType: 'application/pdf', buffer: Buffer.from('bukan PDF') })
  for (const box of await page.getByRole('region', { name: 'Persyaratan' }).getByRole('checkbox').all()) await box.check()
  await page.getByRole('button', { name: /Daftarkan/ }).click()
  await page.getByRole('heading', { name: 'Disimpan di perangkat ini' }).waitFor({ timeout: 40_000 })

  wire.mend()
  await page.evaluate(() => dispatchEvent(new Event('online')))
  await page.getByRole('link', { name: /1 perlu diperiksa/ }).click({ timeout: 60_000 })
  await page.getByText('Ditolak server', { exact: true }).waitFor()
  await looked(page, 'menunggu-ditolak')
  await page.getByRole('link', { name: 'Buka dan perbaiki' }).click()
  await page.getByText('Server menolak pendaftaran ini').waitFor()
  assert.equal(await page.getByLabel('Nama lengkap').inputValue(), name)
  await looked(page, 'koreksi')
  await letter.locator('input[type=file]').first().setInputFiles(picture('betul.png', 50))
  await letter.getByText('Ada', { exact: true }).waitFor()
  await letter.getByText(/betul\.png/).waitFor()
  await page.getByRole('button', { name: /Daftarkan/ }).click()
  await page.waitForURL(/\/loket\/permohonan\//)
  await page.getByRole('link', { name: /perlu diperiksa/ }).waitFor({ state: 'detached' })
  assert.deepEqual(await sql(`SELECT count(*) FROM intake.applicant WHERE nik = '${nik}'`), [['1']])
  await page.context().close()
})

test('a field visit', async () => {
  const { application, number } = await prepare('izin_penutupan_jalan', 'inspection')
  let page = await open('lapangan')
  await signIn(page, 'teknis')
  await page.goto('/petugas/lapangan')
  await ready(page)
  await page.getByRole('link', { name: number }).click()
  await page.getByRole('button', { name: 'Terbitkan surat tugas' }).click()
  await page.getByRole('heading', { name: 'Temuan' }).waitFor()
  await looked(page, 'lapangan-kunjungan')

  wire.cut()
  await page.getByLabel('Panjang menurut pengukuran').fill('42')
  await page.getByLabel('Lebar menurut pengukuran').fill('6')
  const gallery = page.locator('input[type=file][multiple]')
  await gallery.setInputFiles([picture('satu.png', 40), picture('dua.png', 80)])
  await page.getByText('2 foto tersimpan di perangkat').waitFor()
  await page.context().close()

  page = await open('lapangan', `/petugas/lapangan/${application}`) // no signal, the browser was closed
  await page.getByText('2 foto tersimpan di perangkat').waitFor()
  assert.equal(await page.getByLabel('Panjang menurut pengukuran').inputValue(), '42')
  await page.locator('input[type=file][multiple]').setInputFiles([picture('tiga.png', 120)])
  await page.getByText('3 foto tersimpan di perangkat').waitFor()
  await page.getByLabel('Catatan pemeriksaan').fill('Sesuai, rambu disiapkan pemohon.')
  await page
    .getByRole('group', { name: /Jalur pengganti/ })
    .getByLabel('Ya')
    .check()
  await page.getByRole('button', { name: 'Ambil posisi perangkat' }).click()
  await page.getByRole('button', { name: 'Ambil posisi lagi' }).waitFor()
  await page.getByLabel('Dapat diteruskan').check()
  await page.getByRole('button', { name: 'Kirim temuan' }).click()
  await page.getByRole('link', { name: /1 menunggu dikirim/ }).waitFor({ timeout: 40_000 })
  await looked(page, 'lapangan-menunggu')

  wire.mend()
  await page.evaluate(() => dispatchEvent(new Event('online')))
  await page.getByRole('link', { name: /menunggu dikirim/ }).waitFor({ state: 'detached', timeout: 60_000 })
  const [[state, photos]] = await sql(`SELECT state, jsonb_array_length(photos) FROM inspection.visit WHERE application = '${application}'`)
  const [[times]] = await sql(`SELECT count(*) FROM intake.application_step WHERE application = '${application}' AND step = 'inspection'`)
  assert.deepEqual([state, times], ['recorded', '1'], 'recorded, once')
  assert.equal(photos, '3', 'every photograph is there')
  await page.context().close()
})
