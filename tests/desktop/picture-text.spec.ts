import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './served-window.ts'
import { answers, ask, dropFiles, expect, finished, type Page, test, trayPictures } from './window.ts'

const dialog = {
  name: 'dialog.png',
  type: 'image/png',
  bytes: readFileSync(join(root, 'native-models/owl-mini/evaluation/held-out/pictures/0001.png')),
}
const written = ['Oblige', 'Upload failed.', 'Endorse', 'Back', 'Apply']

const layer = (page: Page) => page.getByRole('dialog').getByRole('group', { name: /^Text in the picture/ })
const copied = (page: Page) => page.evaluate(() => navigator.clipboard.readText())

async function openDialogPicture(page: Page) {
  await dropFiles(page, [dialog])
  await trayPictures(page).click()
  await expect(layer(page)).toBeVisible({ timeout: 30_000 })
}

test('text is selected and copied right on the picture, by keys', async ({ page }) => {
  await openDialogPicture(page)
  await expect(layer(page).locator('text')).toHaveText(written)
  await layer(page).focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ControlOrMeta+c')
  await expect.poll(() => copied(page)).toBe('Upload failed.')
  await page.keyboard.press('Shift+ArrowDown')
  await page.keyboard.press('ControlOrMeta+c')
  await expect.poll(() => copied(page)).toBe('Upload failed.\nEndorse')
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.press('ControlOrMeta+c')
  await expect.poll(() => copied(page)).toBe(written.join('\n'))
})

test('with the pointer, and all of it by a button', async ({ page }) => {
  await openDialogPicture(page)
  const line = layer(page).locator('text', { hasText: 'Upload failed.' })
  const box = (await line.boundingBox())!
  await page.mouse.move(box.x + 1, box.y + box.height / 2)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width - 1, box.y + box.height / 2, { steps: 8 })
  await page.mouse.up()
  await page.keyboard.press('ControlOrMeta+c')
  await expect.poll(() => copied(page)).toBe('Upload failed.')
  await page.getByRole('button', { name: 'Copy all text of the picture' }).click()
  await expect.poll(() => copied(page)).toBe('Oblige\nUpload failed.\nEndorse  Back  Apply')
  await expect(page.getByRole('dialog').getByRole('img')).toHaveAccessibleDescription(/Upload failed\./)
})

test('what of it went to the model is said under the answer', async ({ page }) => {
  await openDialogPicture(page)
  await page.keyboard.press('Escape')
  await finished(await ask(page, 'What failed?'))
  const given = answers(page).last().getByText('text of the picture given: 5 lines')
  await given.click()
  await expect(answers(page).last().getByText('Upload failed.')).toBeVisible()
  // Main has kept it: it is there when the chat is opened again.
  await page.reload()
  await given.click()
  await expect(answers(page).last().getByText('Upload failed.')).toBeVisible()
})

test('the history finds a chat by the text of its picture, marked on the picture', async ({ page }) => {
  await dropFiles(page, [dialog])
  await finished(await ask(page, 'What is this?'))
  await page.getByRole('searchbox').first().fill('Upload failed')
  const hit = page.getByRole('button', { name: /Upload failed/ }).first()
  await expect(hit).toBeVisible({ timeout: 20_000 })
  await expect(hit.locator('rect')).toHaveCount(1)
})
