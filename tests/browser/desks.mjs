// Each officer's act through the screens alone; the next one begins where the file has arrived.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { officer, password, pdfsig } from './lib.mjs'
import { freshNik, picture } from './people.mjs'

/** Opens the file at a desk; until its event has arrived there the desk is asked again. */
export async function openAt(page, desk, application) {
  for (let tries = 0; ; tries++) {
    await page.goto(`/petugas/${desk}/${application}`)
    const heading = page.locator('main h1')
    const trouble = page.locator('main [role=alert]')
    await heading.or(trouble).first().waitFor()
    await page.locator('main p[role=status]', { hasText: 'Memuat…' }).first().waitFor({ state: 'detached' })
    if (!(await trouble.count()) || tries === 30) return
    await page.waitForTimeout(500)
  }
}

/** Clicks the button of that name and the one of the same name in the question that follows. */
export async function decide(page, name) {
  await page.locator('main').getByRole('button', { name }).first().click()
  await page.getByRole('dialog').getByRole('button', { name }).click()
}

/** The desk's own inbox is where its officer lands when the act is done. */
const landed = (page, inbox) => page.waitForURL(new RegExp(`/petugas/${inbox}(\\?|$)`))

/** Does `work` as the officer of that desk, in a window of their own. */
async function as(browser, desk, work) {
  const page = await officer(browser, desk)
  const result = await work(page)
  await page.context().close()
  return result
}

/** Types the applicant of a registration. */
export async function fillPerson(page, nik, name) {
  await page.getByLabel('NIK').first().fill(nik)
  await page.getByLabel('Nama lengkap').fill(name)
  await page.getByLabel('Tempat lahir').fill('Sumenep')
  await page.getByRole('textbox', { name: 'Pekerjaan' }).fill('Petani')
  await page.getByLabel('Alamat').fill("Dusun Laok RT 002 RW 001, Desa Brakas, Kecamatan Ra'as")
}

/** Types the service's own fields: label → value. */
export async function fillForm(page, form) {
  const own = page.getByRole('region', { name: 'Isian layanan' })
  for (const [label, value] of Object.entries(form)) await own.getByLabel(label).fill(value)
}

/** Registers at the counter; `service`: its code (other tests publish services of the same name); `form`: label → value of the service's own fields.  Returns {application, number}. */
export const register = (browser, service, form) =>
  as(browser, 'loket', async (page) => {
    await page.goto('/petugas/loket')
    await page.locator(`a[href$="layanan=${service}"]`).click()
    await fillPerson(page, freshNik(), 'Siti Layar Ra’as')
    await fillForm(page, form)
    const papers = page.getByRole('region', { name: 'Persyaratan' }).getByRole('group')
    for (const [at, paper] of (await papers.all()).entries()) {
      await paper
        .locator('input[type=file]')
        .first()
        .setInputFiles(picture(`syarat-${at}.png`, 40 * at + 30))
      await paper.getByText('Ada', { exact: true }).waitFor()
    }
    await page.getByRole('button', { name: /Daftarkan/ }).click()
    await page.waitForURL(/\/loket\/permohonan\//)
    const number = await page
      .getByText(/^35\.29\.22-\d{4}-\d{6}$/)
      .first()
      .innerText()
    return { application: page.url().match(/permohonan\/([0-9a-f-]{36})/)[1], number }
  })

export const verify = (browser, application, name = 'Berkas sesuai') =>
  as(browser, 'verifikator', async (page) => {
    await openAt(page, 'verifikasi', application)
    await decide(page, name)
    await landed(page, 'verifikasi')
  })

/** Schedules the visit and records it; `findings`: label → value, `yes`: what is answered by Ya. */
export const inspect = (browser, application, findings, yes) =>
  as(browser, 'teknis', async (page) => {
    await openAt(page, 'lapangan', application)
    await page.getByRole('button', { name: 'Terbitkan surat tugas' }).click()
    await page.getByRole('heading', { name: 'Temuan' }).waitFor()
    for (const [label, value] of Object.entries(findings)) await page.getByLabel(label).fill(value)
    for (const name of yes) await page.getByRole('group', { name }).getByLabel('Ya').check()
    await page.locator('input[type=file][multiple]').setInputFiles([picture('lokasi.png')])
    await page.getByText('Isi posisi sendiri').click()
    await page.getByLabel('Lintang').fill('-7,1433')
    await page.getByLabel('Bujur').fill('114,5512')
    await page.getByLabel('Dapat diteruskan').check()
    await page.getByRole('button', { name: 'Kirim temuan' }).click()
    await landed(page, 'lapangan')
  })

export const draft = (browser, application) =>
  as(browser, 'operator', async (page) => {
    await openAt(page, 'penyusunan', application)
    await page.getByRole('button', { name: 'Kirim ke Kasi Pelayanan' }).click()
    await landed(page, 'penyusunan')
  })

export const paraf = (browser, application, desk) =>
  as(browser, desk, async (page) => {
    await openAt(page, 'paraf', application)
    await page.getByRole('button', { name: 'Bubuhkan paraf' }).click() // enabled once the paper was shown
    await landed(page, 'paraf')
  })

export const sign = (browser, application) =>
  as(browser, 'camat', async (page) => {
    await openAt(page, 'tanda-tangan', application)
    await page.locator('main').getByRole('button', { name: 'Tanda tangani' }).click()
    await page.getByLabel('Frasa sandi sertifikat elektronik Anda').fill(password)
    await page.getByRole('dialog').getByRole('button', { name: 'Tanda tangani' }).click()
    await landed(page, 'tanda-tangan')
  })

/** Takes the money: returns the change that the screen names. */
export const pay = (browser, application, received) =>
  as(browser, 'kasir', async (page) => {
    await openAt(page, 'kasir', application)
    await page.getByLabel('Uang yang diterima (Rp)').fill(received)
    const change = await page.getByText('Kembalian').innerText()
    await page.getByRole('button', { name: 'Terima pembayaran' }).click()
    await page.getByRole('heading', { name: 'Sudah dibayar' }).waitFor()
    return change
  })

/** Hands the document over; returns what pdfsig says of the very bytes. */
export const handOver = (browser, application, number) =>
  as(browser, 'penyerahan', async (page) => {
    await openAt(page, 'penyerahan', application)
    await page.getByLabel(/sudah saya cocokkan/).check()
    await page.getByLabel(/menandatangani buku penyerahan/).check()
    const bytes = await signedPdf(page, application)
    await page.getByRole('button', { name: 'Serahkan dan selesai' }).click()
    await landed(page, 'penyerahan')
    await page.getByText(`${number}: dokumen diserahkan.`).waitFor()
    return judged(bytes)
  })

/** The document as this officer may have it. */
async function signedPdf(page, application) {
  const base64 = await page.evaluate(async (address) => {
    const { token } = JSON.parse(localStorage.getItem('paten.session'))
    const blob = await (await fetch(address, { headers: { Authorization: `Bearer ${token}` } })).blob()
    return new Promise((done) => {
      const reader = new FileReader()
      reader.onload = () => done(reader.result.split(',')[1])
      reader.readAsDataURL(blob)
    })
  }, `/v1/documents/${application}/signed.pdf`)
  return Buffer.from(base64, 'base64')
}

async function judged(bytes) {
  const folder = mkdtempSync(join(tmpdir(), 'paten-browser-'))
  try {
    writeFileSync(join(folder, 'surat.pdf'), bytes)
    return await pdfsig(join(folder, 'surat.pdf'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}
