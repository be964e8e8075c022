// Each officer's act through the screens alone; the next one begins where the file has arrived.
import { officer } from './lib.mjs'

/** Opens the file at a desk; until its event has arrived there the desk is asked again. */
export async function openAt(page, desk, application) {
  for (let tries = 0; ; tries++) {
    await page.goto(`/petugas/${desk}/${application}`)
    const heading = page.locator('main h1')
    const trouble = page.locator('main [role=alert]')
    await heading.or(trouble).first().waitFor()
    if (!(await trouble.count()) || tries === 20) return
    await page.waitForTimeout(300)
  }
}

/** Clicks the button of that name and the one of the same name in the question that follows. */
export async function decide(page, name) {
  await page.locator('main').getByRole('button', { name }).first().click()
  await page.getByRole('dialog').getByRole('button', { name }).click()
}

export async function verify(browser, application, name = 'Berkas sesuai') {
  const page = await officer(browser, 'verifikator')
  await openAt(page, 'verifikasi', application)
  await decide(page, name)
  await page.waitForURL(/\/petugas\/verifikasi(\?|$)/)
  await page.context().close()
}
