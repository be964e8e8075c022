// What every browser test needs: Debian's Chromium on the system that tests/run (or tests/browser/run) brought up, officers
// who sign in through the form, accessibility by axe-core, pictures of what people see.
import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, before } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import assert from 'node:assert/strict'
import { chromium } from 'playwright-core'

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '../..')
const run = promisify(execFile)

const needed = (name) =>
  process.env[name] ?? assert.fail(`${name} is not set: run this by tests/browser/run or tests/run, which bring a system up for the tests`)

export const URL_ = needed('PATEN_TEST_URL')
export const VAR = needed('PATEN_TEST_VAR')
export const SHOTS = process.env.PATEN_SHOTS ?? join(root, 'build/release/browser')
export const WIDTHS = [360, 768, 1366]

/** The demo's password, from its one place. */
export const password = readFileSync(join(root, 'deploy/lib.sh'), 'utf8').match(/^demo_password=(\S+)$/m)[1]

/** A case walked by other officers to a step: {application, number, short_code, name, nik}. */
export async function prepare(service, step, changes = {}) {
  const { stdout } = await run('/usr/bin/python3', ['-B', join(here, 'prepare.py'), service, step, JSON.stringify(changes)], {
    maxBuffer: 1 << 24,
  })
  return JSON.parse(stdout)
}

/** Rows of a query, by tests/lib/system.py. */
export async function sql(query) {
  const program = 'import json, sys; sys.path.insert(0, "tests/lib"); from system import sql; print(json.dumps(sql(sys.argv[1])))'
  const { stdout } = await run('/usr/bin/python3', ['-B', '-c', program, query], { cwd: root })
  return JSON.parse(stdout)
}

const LAUNCH = { executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-dev-shm-usage'] }

/** Starts the browser before the tests of this file and ends it after them; returns a function that gives it. */
export function browser() {
  let started
  before(async () => {
    started = await chromium.launch(LAUNCH)
  })
  after(() => started?.close())
  return () => started
}

/** A window of its own, as of another officer at another desk.  What the page throws or logs as an error fails the test. */
export async function visit(browser, options = {}) {
  const context = await browser.newContext({
    baseURL: URL_,
    locale: 'id-ID',
    timezoneId: 'Asia/Jakarta',
    viewport: { width: 1366, height: 768 },
    ...options,
  })
  return watched(await context.newPage())
}

/** A device of its own whose memory (folder) outlives its browser: what is stored, and the service worker. */
export async function openDevice(folder, baseURL) {
  const context = await chromium.launchPersistentContext(folder, {
    ...LAUNCH,
    baseURL,
    geolocation: { latitude: -7.1433, longitude: 114.5512, accuracy: 8 },
    permissions: ['geolocation'],
    locale: 'id-ID',
    timezoneId: 'Asia/Jakarta',
    viewport: { width: 1366, height: 768 },
  })
  return watched(context.pages()[0] ?? (await context.newPage()))
}

function watched(page) {
  page.setDefaultTimeout(20_000)
  page.faults = []
  page.on('pageerror', (error) => page.faults.push(String(error)))
  // "Leave this page?" is asked on purpose and answered yes; nothing else may open the browser's own boxes.
  page.on('dialog', (dialog) => {
    if (dialog.type() !== 'beforeunload') page.faults.push(`dialog: ${dialog.message()}`)
    void dialog.accept().catch(() => undefined)
  })
  page.on('console', (message) => {
    // A refused request is the server's answer, not the page's fault; and Chromium takes what it has of a manifest for the whole
    // of it when the page is left while that is under way: judgeManifest () asks for itself.
    if (message.type() === 'error' && !/Failed to load resource|^Manifest: /.test(message.text())) page.faults.push(message.text())
  })
  return page
}

/** "loket", "verifikator", "kasi"…: the officer of Ra'as at that desk signs in through the form. */
export async function signIn(page, desk, kecamatan = 'raas') {
  await page.goto('/petugas/')
  await page.getByLabel('Nama pengguna').fill(`${desk}.${kecamatan}`)
  await page.getByLabel('Kata sandi').fill(password)
  await page.getByRole('button', { name: 'Masuk' }).click()
  await page.getByRole('button', { name: 'Keluar' }).waitFor()
}

/** Until all that was typed for a registration is on the device. */
export const typedIsKept = (page) => page.locator('.submit-bar p[aria-busy=false]').waitFor()

/** An officer of that desk in a window of their own. */
export async function officer(browser, desk, options = {}) {
  const page = await visit(browser, options)
  await signIn(page, desk)
  return page
}

const axeSource = readFileSync(join(here, 'node_modules/axe-core/axe.min.js'), 'utf8')

/** No violation of what axe-core can judge, in both colour schemes. */
export async function accessible(page, what) {
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme })
    const violations = await judge(page)
    assert.deepEqual(violations, [], `${what}, ${colorScheme}`)
  }
  await page.emulateMedia({ colorScheme: null })
}

// In the page's own world the policy forbids what axe does not need; evaluate () is not subject to it.
async function judge(page) {
  return page.evaluate(async (source) => {
    if (!window.axe) (0, eval)(source)
    const { violations } = await window.axe.run(document, { resultTypes: ['violations'] })
    return violations.map(({ id, help, nodes }) => ({ id, help, where: nodes.map((node) => node.html.slice(0, 200)) }))
  }, axeSource)
}

/** Pictures at the three widths, and nothing sticks out to the right. */
export async function shots(page, name) {
  mkdirSync(SHOTS, { recursive: true })
  const before = page.viewportSize()
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 })
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    await page.screenshot({ path: join(SHOTS, `${name}-${width}.png`), fullPage: true })
    assert.ok(wide <= 0, `${name} at ${width} px: ${wide} px stick out to the right`)
  }
  if (before) await page.setViewportSize(before)
}

/** Looks at a screen in every way that is judged: accessibility in both schemes, three widths, no fault of the page. */
export async function looked(page, name) {
  await accessible(page, name)
  await shots(page, name)
  assert.deepEqual(page.faults, [], name)
}

/** The application can be installed: its manifest is there and Chromium finds no fault in it. */
export async function judgeManifest(page) {
  const devtools = await page.context().newCDPSession(page)
  const { data, errors } = await devtools.send('Page.getAppManifest')
  await devtools.detach()
  assert.deepEqual(errors, [], 'manifest')
  assert.equal(JSON.parse(data).start_url, '/petugas/')
}

/** What pdfsig says of the bytes. */
export async function pdfsig(path) {
  const { stdout } = await run('pdfsig', ['-nocert', path]).catch((error) => error)
  return stdout
}
