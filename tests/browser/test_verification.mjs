// The verifier's desk: a file that goes back and comes again, two officers on one file, and hostile content.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browser, looked, officer, prepare } from './lib.mjs'
import { decide, openAt, verify } from './desks.mjs'
import { picture } from './people.mjs'

const chromium = browser()

test('what is missing goes back to the counter, is brought, and comes again', async () => {
  const { application, number } = await prepare('sktm', 'verification')
  const page = await officer(chromium(), 'verifikator')
  await openAt(page, 'verifikasi', application)
  await looked(page, 'verifikasi')
  await page.locator('main').getByRole('button', { name: 'Kembalikan untuk dilengkapi' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('checkbox').first().check()
  await looked(page, 'verifikasi-kembalikan')
  await dialog.getByRole('button', { name: 'Kembalikan untuk dilengkapi' }).click()
  await page.waitForURL(/\/petugas\/verifikasi(\?|$)/)
  await page.goto('/petugas/verifikasi')
  await page.getByRole('heading', { name: 'Verifikasi berkas' }).waitFor()
  await looked(page, 'verifikasi-masuk')
  assert.equal(await page.getByRole('link', { name: number }).count(), 0, 'the file has left the inbox')

  const loket = await officer(chromium(), 'loket')
  await openAt(loket, 'loket/permohonan', application)
  await loket.getByRole('heading', { name: 'Yang masih kurang' }).waitFor()
  await looked(loket, 'loket-kekurangan')
  await loket.locator('input[type=file]').first().setInputFiles(picture('pengganti.png', 90))
  await loket.getByText('pengganti.png').first().waitFor()
  await loket.getByRole('button', { name: /Simpan kelengkapan/ }).click()
  await loket.getByRole('heading', { name: 'Yang masih kurang' }).waitFor({ state: 'detached' })
  await verify(chromium(), application)
  await page.context().close()
  await loket.context().close()
})

test('two officers on one file: the second is told who did it', async () => {
  const { application } = await prepare('sktm', 'verification')
  const [first, second] = [await officer(chromium(), 'verifikator'), await officer(chromium(), 'verifikator')]
  await openAt(first, 'verifikasi', application)
  await second.route('**/v1/changes', () => undefined) // never answered: else the second may hear of it before the click
  await openAt(second, 'verifikasi', application)
  await decide(first, 'Berkas sesuai')
  await first.waitForURL(/\/petugas\/verifikasi(\?|$)/)
  await decide(second, 'Berkas sesuai')
  await second.getByRole('alert').filter({ hasText: 'Misbahul Munir' }).waitFor()
  await first.context().close()
  await second.context().close()
})

test('a refusal names what is not met, why, and the law', async () => {
  const { application } = await prepare('sktm', 'verification')
  const page = await officer(chromium(), 'verifikator')
  await openAt(page, 'verifikasi', application)
  await page.locator('main').getByRole('button', { name: 'Tolak permohonan' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Tolak permohonan' }).click()
  await dialog.getByText('Ada 3 hal yang perlu diperbaiki').waitFor()
  await looked(page, 'verifikasi-tolak')
  await dialog.getByLabel('Persyaratan yang tidak terpenuhi').selectOption({ index: 1 })
  await dialog.getByLabel('Alasan').fill('Surat pengantar bukan untuk keperluan ini.')
  await dialog.getByLabel('Dasar hukum').fill('Peraturan Menteri Dalam Negeri Nomor 4 Tahun 2010')
  await dialog.getByRole('button', { name: 'Tolak permohonan' }).click()
  await page.waitForURL(/\/petugas\/verifikasi(\?|$)/)
  await page.goto(`/petugas/permohonan/${application}`)
  await page.getByText('Surat pengantar bukan untuk keperluan ini.').first().waitFor()
  await page.context().close()
})

const HOSTILE = ["<img src=x onerror=alert(1)> Ra'as", `Ny. ${'Panjang'.repeat(16)}`, '"><script>alert(2)</script>']

test('hostile names execute nothing and break no layout', async () => {
  for (const [at, name] of HOSTILE.entries()) {
    const { application } = await prepare('sktm', 'verification', { name })
    const page = await officer(chromium(), 'verifikator')
    await openAt(page, 'verifikasi', application)
    await page.getByText(name).first().waitFor()
    await looked(page, `nama-${at}-verifikasi`)
    await page.goto(`/petugas/permohonan/${application}`)
    await page.getByText(name).first().waitFor()
    await looked(page, `nama-${at}-permohonan`)
    assert.equal(await page.locator('main img[src=x]').count(), 0)
    await page.context().close()
  }
})
