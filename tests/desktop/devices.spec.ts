import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ServedWindow, serveWindow } from './served-window.ts'
import { expect, modelButton, question, test } from './window.ts'

/** Where there is no driver, whatever this computer has. */
const environment = { VK_DRIVER_FILES: '/nowhere', VK_ICD_FILENAMES: '/nowhere' }
let folder: string
let window: ServedWindow
test.beforeEach(async ({ dataFolder }) => {
  test.skip(process.platform !== 'linux', 'takes the drivers away as Vulkan allows it')
  folder = mkdtempSync(join(tmpdir(), 'owl-devices-'))
  symlinkSync(join(dataFolder, 'models'), join(folder, 'models'))
  writeFileSync(join(folder, 'settings.json'), JSON.stringify({ 'device.choice': 'gpu' }))
  window = await serveWindow({ dataFolder: folder, model: 'tiny-512', environment })
})
test.afterEach(async () => {
  await window?.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('a GPU that cannot be used: the reason, a question, and the word of the person kept', async ({ browser }) => {
  const context = await browser.newContext({ locale: 'en-US' })
  const page = await context.newPage()
  await page.goto(window.address)
  const notice = page.getByRole('alert')
  await expect(notice).toContainText('GPU (WebGPU): ', { timeout: 60_000 })
  await expect(notice).toContainText('Use the processor now?')
  await notice.getByRole('button', { name: 'This time' }).click()
  await expect(modelButton(page)).toContainText('CPU instead of GPU', { timeout: 30_000 })
  const told = page.getByRole('status').filter({ hasText: 'The model runs on the processor' })
  await expect(told).toContainText('GPU (WebGPU): ')
  await told.getByRole('button', { name: 'Hide' }).click()
  await expect(told).toHaveCount(0)

  // "This time" holds until the model is loaded once more: then it is asked again, and now kept.
  await window.stop()
  window = await serveWindow({ dataFolder: folder, model: 'tiny-512', environment })
  await page.goto(window.address)
  await notice.getByRole('button', { name: 'Whenever the GPU cannot be used' }).click()
  await expect(modelButton(page)).toContainText('CPU instead of GPU', { timeout: 30_000 })
  await expect(question(page)).toBeVisible()
  await expect(notice).toHaveCount(0)

  await page.keyboard.press('Control+,')
  await expect(page.getByLabel('When the GPU cannot be used', { exact: true })).toHaveValue('processor')
  const device = page.getByRole('region', { name: 'Device' })
  await device.getByRole('button', { name: 'Show the devices' }).click()
  const rows = device.getByRole('list').getByRole('listitem')
  await expect(rows.first()).toContainText('Processor')
  await expect(rows.first()).toContainText('in use')
  await expect(rows.nth(1)).toContainText('GPU (WebGPU)Not offered: ')
  await expect(device.getByRole('button', { name: 'Try them again' })).toBeEnabled()
  await context.close()
})
