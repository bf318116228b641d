import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serveWindow } from './served-window.ts'
import { expect, picturePath, question, test } from './window.ts'

test('the old data folder goes when the person says so, and never before it was compared', async ({
  browser,
  dataFolder,
}) => {
  const place = mkdtempSync(join(tmpdir(), 'owl-moved-'))
  const [home, moved] = [join(place, 'home'), join(place, 'moved')]
  for (const folder of [home, moved]) {
    mkdirSync(join(folder, 'models/own'), { recursive: true })
    copyFileSync(picturePath('small'), join(folder, 'models/own/graph.onnx'))
  }
  symlinkSync(join(dataFolder, 'models/tiny-512'), join(moved, 'models/tiny-512'))
  writeFileSync(join(home, 'moved.json'), JSON.stringify({ folder: moved, old: [home] }))
  writeFileSync(join(home, 'letter.txt'), 'put here by hand')
  const served = await serveWindow({ dataFolder: home, model: 'tiny-512' })
  const context = await browser.newContext({ locale: 'en-US' })
  const page = await context.newPage()
  await page.goto(served.address)
  await expect(question(page)).toBeVisible()
  await page.keyboard.press('Control+,')
  const data = page.getByRole('region', { name: 'Data' })
  await expect(data).toContainText(`${home} still holds`)

  const remove = async () => {
    await data.getByRole('button', { name: 'Compare and delete' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Compare and delete' }).click()
  }
  await remove()
  await expect(data.getByRole('alert')).toContainText('letter.txt')
  expect(existsSync(join(home, 'models/own/graph.onnx'))).toBe(true)
  rmSync(join(home, 'letter.txt'))
  await remove()
  // The line is hidden as soon as the comparison begins, so the folder is looked at first.
  await expect.poll(() => readdirSync(home)).toEqual(['moved.json'])
  await expect(data.getByText('still holds')).toHaveCount(0)
  expect(existsSync(join(moved, 'models/own/graph.onnx'))).toBe(true)
  await context.close()
  await served.stop()
  rmSync(place, { recursive: true, force: true })
})
