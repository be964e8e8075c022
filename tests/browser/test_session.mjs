// Signing in and out, and what a role does not open.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browser, looked, officer, password, signIn, visit } from './lib.mjs'

const chromium = browser()

test('a wrong password is told in words, the right one opens the desk', async () => {
  const page = await visit(chromium())
  await page.goto('/petugas/')
  await looked(page, 'masuk')
  await page.getByLabel('Nama pengguna').fill('loket.tidak_ada')
  await page.getByLabel('Kata sandi').fill('salah')
  await page.getByRole('button', { name: 'Masuk' }).click()
  await page.getByRole('alert').waitFor()
  assert.match(await page.getByRole('alert').innerText(), /sandi|pengguna/i)
  await signIn(page, 'loket')
  assert.match(await page.locator('.who').innerText(), /Abdul Karim[\s\S]*Petugas loket, Ra'as/)
  await looked(page, 'beranda')
  await page.context().close()
})

test('signing out wipes the device', async () => {
  const page = await officer(chromium(), 'loket')
  await page.getByRole('button', { name: 'Keluar' }).click()
  await page.getByLabel('Kata sandi').waitFor()
  const kept = await page.evaluate(async () => ({
    local: Object.keys(localStorage),
    session: Object.keys(sessionStorage),
    databases: (await indexedDB.databases()).map((one) => one.name),
  }))
  assert.deepEqual(kept.local, [])
  assert.deepEqual(kept.session, [])
  assert.ok(!(await page.content()).includes(password))
  await page.context().close()
})

test('a role sees no way into another desk and gets 403 behind it', async () => {
  const page = await officer(chromium(), 'kasir')
  await page.goto('/petugas/verifikasi')
  await page.getByText('Peran Anda tidak membuka halaman ini').waitFor()
  assert.equal(await page.getByRole('navigation').getByRole('link', { name: 'Verifikasi' }).count(), 0)
  const status = await page.evaluate(async () => {
    const { token } = JSON.parse(localStorage.getItem('paten.session'))
    return (await fetch('/v1/verification/tasks', { headers: { Authorization: `Bearer ${token}` } })).status
  })
  assert.equal(status, 403)
  await page.context().close()
})
