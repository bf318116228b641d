import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serveWindow } from './served-window.ts'
import { expect, question, test } from './window.ts'

test('other programs are let in from the settings, and a port that is taken is told there', async ({
  browser,
  dataFolder,
}) => {
  const folder = mkdtempSync(join(tmpdir(), 'owl-local-server-'))
  symlinkSync(join(dataFolder, 'models'), join(folder, 'models'))
  const taken = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => taken.once('listening', resolve))
  const { port } = taken.address() as AddressInfo
  const window = await serveWindow({ dataFolder: folder, model: 'tiny-512' })
  const context = await browser.newContext({ locale: 'en-US', permissions: ['clipboard-read', 'clipboard-write'] })
  try {
    const page = await context.newPage()
    await page.goto(window.address)
    await expect(question(page)).toBeVisible()
    await page.keyboard.press('Control+,')
    const section = page.getByRole('region', { name: 'Local server' })
    await expect(section).toContainText('The local server is off.')
    await section.getByLabel('Port', { exact: true }).fill(String(port))
    await section.getByLabel('Port', { exact: true }).press('Enter')
    await section.getByLabel('Let other programs ask', { exact: true }).check()
    await expect(section.getByRole('alert')).toContainText(`Port ${port} is in use by another program.`)

    await new Promise((resolve) => taken.close(resolve))
    await section.getByLabel('Let other programs ask', { exact: true }).uncheck()
    await section.getByLabel('Let other programs ask', { exact: true }).check()
    await section.getByRole('button', { name: 'Copy the address' }).click()
    const copied = () => page.evaluate(() => navigator.clipboard.readText())
    const address = await copied()
    expect(address).toBe(`http://127.0.0.1:${port}/v1`)

    await section.getByRole('button', { name: 'Show the key' }).click()
    await section.getByRole('button', { name: 'Copy the key' }).click()
    await expect.poll(copied).toMatch(/^owl-/)
    const key = await copied()
    const statusWith = async (given: string) =>
      (await fetch(`${address}/models`, { headers: { Authorization: `Bearer ${given}` } })).status
    expect(await statusWith(key)).toBe(200)

    await section.getByRole('button', { name: 'Make a new key' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Make a new key' }).click()
    await expect(section).not.toContainText(key)
    expect(await statusWith(key)).toBe(401)
  } finally {
    await context.close()
    await window.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})
