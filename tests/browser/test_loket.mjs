// The counter: registering by keyboard alone, what is missing, what is refused, and what a draft survives.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browser, looked, officer, prepare } from './lib.mjs'
import { freshNik, picture } from './people.mjs'

const chromium = browser()

/** Goes on with the Tab key until that control has the focus; nobody touches a mouse. */
async function tabTo(page, control) {
  await control.waitFor()
  for (let presses = 0; presses < 120; presses++) {
    if (await control.evaluate((one) => one === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  assert.fail(`the Tab key does not lead to ${control}`)
}

async function type(page, label, text) {
  await tabTo(page, page.getByLabel(label, { exact: false }).first())
  await page.keyboard.type(text)
}

/** From the desk to the open form of the SKTM, by its keys. */
async function beginSktm(page) {
  await page.goto('/petugas/loket')
  await page.getByRole('heading', { name: 'Loket' }).waitFor()
  await page.keyboard.press('Alt+n')
  await page.locator('#isian-daftar:focus').waitFor()
  await page.keyboard.type('tidak mampu')
  await page.getByRole('link', { name: 'Surat Keterangan Tidak Mampu' }).waitFor()
  await page.keyboard.press('Enter')
  await page.getByLabel('NIK').first().waitFor()
}

async function fillPerson(page, nik, name) {
  await type(page, 'NIK', nik)
  await type(page, 'Nama lengkap', name)
  await type(page, 'Tempat lahir', 'Sumenep')
  await tabTo(page, page.getByRole('textbox', { name: 'Pekerjaan' }))
  await page.keyboard.type('Petani')
  await type(page, 'Alamat', "Dusun Laok RT 002 RW 001, Desa Brakas, Kecamatan Ra'as")
  assert.equal(await page.getByLabel('Tanggal lahir').inputValue(), '1990-08-07', 'the NIK tells the date of birth')
}

async function fillSktm(page) {
  const form = page.getByRole('region', { name: 'Isian layanan' })
  await tabTo(page, form.locator('input, select, textarea').first())
  const values = ['Keringanan biaya pendidikan', 'Kepala Desa Brakas', '470/012/435.522.101/2026']
  for (const value of values) {
    await page.keyboard.type(value)
    await page.keyboard.press('Tab')
  }
  await page.keyboard.type('11202026')
}

async function bringPapers(page) {
  page.on('filechooser', (chooser) => void chooser.setFiles(picture()))
  const papers = page.getByRole('region', { name: 'Persyaratan' })
  for (const box of await papers.getByRole('checkbox').all()) {
    await tabTo(page, box)
    await page.keyboard.press('Space')
  }
}

test('a whole registration by keyboard alone, found again and printed', async () => {
  const page = await officer(chromium(), 'loket')
  await page.addInitScript(() => {
    window.prints = 0
    window.print = () => void window.prints++
  })
  await beginSktm(page)
  await fillPerson(page, freshNik(), 'Siti Papan Ketik')
  await fillSktm(page)
  await looked(page, 'loket-formulir')
  const letter = page.getByRole('group', { name: /Surat pengantar/ })
  page.once('filechooser', (chooser) => void chooser.setFiles(picture()))
  await tabTo(page, letter.locator('input[type=file]').first())
  await page.keyboard.press('Enter')
  await letter.getByText('pengantar.png').first().waitFor()
  await bringPapers(page)
  await page.keyboard.press('Control+Enter')
  const number = page.getByText(/35\.29\.22-\d{4}-\d{6}/).first()
  await number.waitFor()
  assert.match(await page.locator('.promise').innerText(), /Selesai|Tunggu/)
  await page.locator('h1:focus').waitFor() // the result has the focus
  await looked(page, 'loket-hasil')
  const found = await number.innerText()

  await tabTo(page, page.getByRole('link', { name: 'Kembali ke loket' }))
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Loket' }).waitFor()
  await type(page, 'Nomor, kode, NIK', found)
  const rows = page.getByRole('region', { name: 'Hasil pencarian' }).getByRole('row')
  await rows.filter({ hasText: found }).waitFor()
  await rows.nth(2).waitFor({ state: 'detached' })
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Permohonan terdaftar' }).waitFor()
  await tabTo(page, page.getByRole('button', { name: /Struk/ }))
  await page.keyboard.press('Enter')
  await tabTo(page, page.getByRole('button', { name: 'Cetak' }))
  await page.keyboard.press('Enter')
  assert.equal(await page.evaluate(() => window.prints), 1, 'the slip went to the printer')
  await page.context().close()
})

test('what the form lacks is said at its field, and what was typed survives a reload', async () => {
  const page = await officer(chromium(), 'loket')
  await beginSktm(page)
  await type(page, 'NIK', '3529223102900001') // 31 February
  await type(page, 'Nama lengkap', 'Nama Yang Tinggal')
  await page.keyboard.press('Control+Enter')
  await page.locator('.error').first().waitFor()
  assert.match((await page.locator('.error').allInnerTexts()).join(' '), /NIK|tanggal/i)
  await looked(page, 'loket-salah')
  await page.reload()
  await page.getByLabel('Nama lengkap').waitFor()
  assert.equal(await page.getByLabel('Nama lengkap').inputValue(), 'Nama Yang Tinggal')
  await page.context().close()
})

const HOSTILE = [
  '"><img src=x onerror=alert(1)>.png',
  'surat\u202egnp.exe.png', // right-to-left from the middle on: that mark is taken out
  '📄🪪 kartu keluarga 👨‍👩‍👧.png',
  `${'scan'.repeat(45)}.png`,
]

test('hostile names of files execute nothing and break no layout', async () => {
  const page = await officer(chromium(), 'loket')
  await beginSktm(page)
  const papers = await page.getByRole('region', { name: 'Persyaratan' }).getByRole('group').all()
  for (const [at, name] of HOSTILE.entries()) {
    const paper = papers[at % papers.length]
    await paper
      .locator('input[type=file]')
      .first()
      .setInputFiles(picture(name, 20 * at + 10))
    await paper.getByText('Ada', { exact: true }).waitFor()
    assert.ok((await paper.innerText()).includes(name.replace('\u202e', '')), name)
  }
  await looked(page, 'loket-nama-berkas')
  assert.equal(await page.locator('img[src=x]').count(), 0)
  await page.context().close()
})

test('an application is withdrawn with a reason', async () => {
  const { application } = await prepare('sktm', 'verification')
  const page = await officer(chromium(), 'loket')
  await page.goto(`/petugas/loket/permohonan/${application}`)
  await page.locator('main').getByRole('button', { name: 'Cabut permohonan' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Cabut permohonan' }).click()
  await dialog.getByText('Alasan wajib diisi').waitFor()
  await looked(page, 'loket-cabut')
  await dialog.getByLabel('Alasan').fill('Pemohon tidak jadi mengajukan.')
  await dialog.getByRole('button', { name: 'Cabut permohonan' }).click()
  await page.getByRole('heading', { name: 'Permohonan dicabut pemohon' }).waitFor()
  await page.context().close()
})
