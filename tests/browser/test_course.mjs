// The main job through the screens alone, by role, from the counter to the handover: a service without a field check and a
// fee, and one with both.  It ends in a PDF that poppler's pdfsig accepts.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browser, looked, officer, prepare, sql, visit } from './lib.mjs'
import { draft, handOver, inspect, paraf, pay, register, sign, verify } from './desks.mjs'
import { SKTM } from './people.mjs'

const chromium = browser()

test('a free service', async () => {
  const { application, number } = await register(chromium(), 'sktm', SKTM)
  await verify(chromium(), application)
  await draft(chromium(), application)
  await paraf(chromium(), application, 'kasi')
  await paraf(chromium(), application, 'sekcam')
  await sign(chromium(), application)
  assert.match(await handOver(chromium(), application, number), /Signature Validation: Signature is Valid/)

  const page = await officer(chromium(), 'loket')
  await page.goto(`/petugas/permohonan/${application}`)
  await page.getByText('Dokumen diserahkan').first().waitFor()
  assert.ok(!(await page.locator('main').innerText()).includes('undefined'))
  await looked(page, 'permohonan')
  await page.context().close()
})

test('a service with field check and fee', async () => {
  const { application, number } = await register(chromium(), 'izin_penutupan_jalan', {
    'Nama kegiatan': 'Resepsi pernikahan',
    'Ruas jalan yang ditutup': 'Jalan Raya Brakas - Ketupat',
    Panjang: '40,5',
    Lebar: '6',
    'Mulai tanggal': '2026-12-05',
    'Sampai tanggal': '2026-12-05',
    'Jalur pengganti': 'Jalan Pantai Utara',
  })
  await verify(chromium(), application)
  const findings = {
    'Panjang menurut pengukuran': '42',
    'Lebar menurut pengukuran': '6',
    'Catatan pemeriksaan': 'Sesuai, rambu disiapkan pemohon.',
  }
  await inspect(chromium(), application, findings, [/Jalur pengganti/])
  await draft(chromium(), application)
  await paraf(chromium(), application, 'kasi')
  await paraf(chromium(), application, 'sekcam')
  await sign(chromium(), application)
  assert.match(await pay(chromium(), application, '150000'), /Rp\s?24\.000/) // 42 × 6 × 500 = 126.000
  assert.match(await handOver(chromium(), application, number), /Signature Validation: Signature is Valid/)
})

test('the pages for citizens', async () => {
  const page = await visit(chromium())
  const { application, number, short_code } = await prepare('sktm', 'done')
  const [[token]] = await sql(`SELECT token FROM signing.document WHERE application = '${application}'`)
  for (const [name, path] of Object.entries({
    beranda: '/',
    kecamatan: '/kecamatan/35.29.22',
    layanan: '/kecamatan/35.29.22/layanan/sktm',
    papan: '/kecamatan/35.29.22/papan',
    'papan-layanan': '/kecamatan/35.29.22/layanan/sktm/papan',
    lacak: '/lacak',
    'lacak-hasil': `/lacak?number=${number}&code=${short_code}`,
    periksa: '/v',
    'periksa-hasil': `/v/${token}`,
  })) {
    const answer = await page.goto(path)
    assert.equal(answer.status(), 200, path)
    assert.equal(await page.locator('script').count(), 0, `${path} carries no script`)
    if (name === 'lacak-hasil') await page.getByText('Dokumen diserahkan').first().waitFor()
    if (name === 'periksa-hasil') await page.getByText('ASLI', { exact: true }).waitFor()
    await looked(page, `warga-${name}`)
  }
  await page.context().close()
})
