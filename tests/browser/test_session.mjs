// Signing in and out, and what a role does not open.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browser, looked, officer, password, signIn, typedIsKept, visit } from './lib.mjs'

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
  await page.locator('.who').getByText("Petugas loket, Ra'as").waitFor()
  await page.locator('.who').getByText('Abdul Karim').waitFor()
  await looked(page, 'beranda')
  await page.context().close()
})

test('whoever guesses is slowed down, in words', async () => {
  const page = await visit(chromium())
  await page.goto('/petugas/')
  await page.getByLabel('Nama pengguna').fill(`penebak.${Date.now()}`)
  const slowed = page.getByRole('alert').filter({ hasText: /terlalu (banyak|sering)/i })
  for (let tries = 0; tries < 12 && !(await slowed.count()); tries++) {
    await page.getByLabel('Kata sandi').fill(`tebakan ${tries}`)
    const answer = page.waitForResponse('**/v1/sessions')
    await page.getByRole('button', { name: 'Masuk' }).click()
    await answer
    await page.getByRole('alert').waitFor()
  }
  assert.match(await slowed.innerText(), /(detik|menit)/, 'how long to wait is said')
  await looked(page, 'masuk-dibatasi')
  await page.context().close()
})

/** What the device keeps, wherever a page can keep something. */
const kept = (page) =>
  page.evaluate(async () => {
    const rows = {}
    for (const { name } of await indexedDB.databases()) {
      const db = await new Promise((done, fail) => {
        const request = indexedDB.open(name)
        request.onsuccess = () => done(request.result)
        request.onerror = () => fail(request.error)
      })
      for (const store of db.objectStoreNames)
        rows[`${name}/${store}`] = await new Promise((done) => {
          const request = db.transaction(store).objectStore(store).count()
          request.onsuccess = () => done(request.result)
        })
      db.close()
    }
    return { local: Object.keys(localStorage), session: Object.keys(sessionStorage), rows }
  })

test('signing out wipes the device', async () => {
  const page = await officer(chromium(), 'loket')
  await page.goto('/petugas/loket')
  await page.locator('a[href$="layanan=sktm"]').click()
  await page.getByLabel('Nama lengkap').fill('Yang Tidak Boleh Tinggal')
  await typedIsKept(page)
  await page.goto('/petugas/')
  const before = await kept(page)
  assert.ok(before.rows['paten/kept'] > 0, 'the draft is on the device')
  assert.deepEqual(before.session, [])
  await page.getByRole('button', { name: 'Keluar' }).click()
  const question = page.getByRole('dialog') // what would be lost is named first
  await question.getByText('Yang Tidak Boleh Tinggal').waitFor()
  await looked(page, 'keluar-hilang')
  await question.getByRole('button', { name: 'Hapus dan keluar' }).click()
  await page.getByLabel('Kata sandi').waitFor()
  const left = await kept(page)
  assert.deepEqual(left.local, [])
  assert.deepEqual(left.session, [])
  assert.ok(
    Object.values(left.rows).every((count) => count === 0),
    JSON.stringify(left.rows),
  )
  assert.ok(!(await page.content()).includes(password))
  await page.context().close()
})

test('a covered screen opens with the password alone', async () => {
  const page = await officer(chromium(), 'loket')
  await page.getByRole('button', { name: 'Kunci' }).click()
  await page.getByLabel('Kata sandi').fill('bukan sandinya')
  await page.keyboard.press('Enter')
  await page
    .getByText(/sandi.*(salah|tidak|keliru)/i)
    .first()
    .waitFor()
  await page.getByLabel('Kata sandi').fill(password)
  await page.keyboard.press('Enter')
  await page.getByLabel('Kata sandi').waitFor({ state: 'detached' })
  await page.getByRole('heading', { name: /Selamat bekerja/ }).waitFor()
  await page.context().close()
})

const FOREIGN = [
  ['kasir', 'verifikasi', 'Verifikasi', '/v1/verification/tasks'],
  ['loket', 'kasir', 'Kasir', '/v1/payment/bills'],
  ['verifikator', 'penyusunan', 'Penyusunan', '/v1/drafting/tasks'],
  ['operator', 'paraf', 'Paraf', '/v1/paraf/tasks'],
  ['kasi', 'tanda-tangan', 'Tanda tangan', '/v1/signing/tasks'],
  ['penyerahan', 'lapangan', 'Pemeriksaan lapangan', '/v1/inspection/tasks'],
]

test('a role sees no way into another desk and gets 403 behind it', async () => {
  for (const [desk, path, title, address] of FOREIGN) {
    const page = await officer(chromium(), desk)
    await page.goto(`/petugas/${path}`)
    await page.getByText('Peran Anda tidak membuka halaman ini').waitFor()
    assert.equal(await page.getByRole('navigation').getByRole('link', { name: title }).count(), 0, desk)
    const status = await page.evaluate(async (wanted) => {
      const { token } = JSON.parse(localStorage.getItem('paten.session'))
      return (await fetch(wanted, { headers: { Authorization: `Bearer ${token}` } })).status
    }, address)
    assert.equal(status, 403, `${desk} asks ${address}`)
    if (desk === 'kasir') await looked(page, 'bukan-peran')
    await page.context().close()
  }
})
