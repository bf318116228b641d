import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import { expect, type Page, picturePath, test } from './window.ts'

let folder: string
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'owl-captions-'))
  mkdirSync(join(folder, '图片'))
  for (const name of ['landscape', 'grey']) copyFileSync(picturePath(name), join(folder, `${name}.png`))
  copyFileSync(picturePath('small'), join(folder, '图片', 'слон.png'))
  writeFileSync(join(folder, 'broken.png'), 'no picture')
})
// Captions may still be written when a test ends.
test.afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }))

const caption = (page: Page, name: string) => page.getByRole('textbox', { name: `Caption of ${name}` })
const file = (name: string) => readFileSync(join(folder, name), 'utf8')

/** Captions the folder in the window, to its end. */
async function captionFolder(page: Page, pictures = 4): Promise<void> {
  await page.getByRole('button', { name: 'Captions' }).click()
  await page.getByRole('button', { name: 'New folder' }).click()
  await page.getByRole('textbox', { name: 'Folder' }).fill(folder)
  await page.getByRole('button', { name: 'Start captioning' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'Done' })).toContainText(`${pictures} of ${pictures}`, {
    timeout: 60_000,
  })
  // The captions come to the window a moment after the count: what is typed before would stand beside them.
  await expect(caption(page, 'grey.png')).not.toHaveValue('')
}

test('a folder is captioned: progress, pictures, files, and what failed with its reason', async ({ page }) => {
  await captionFolder(page)
  await expect(page.getByRole('status').filter({ hasText: 'Done' })).toContainText('1 failed')
  await expect(page.getByRole('article', { name: 'broken.png' })).toContainText('is not a picture of a known kind')
  await expect(caption(page, '图片/слон.png')).not.toHaveValue('')
  expect(`${await caption(page, 'grey.png').inputValue()}\n`).toBe(file('grey.txt'))
  const widths = await page
    .getByRole('list', { name: 'Pictures' })
    .locator('img')
    .evaluateAll((images) => images.map((image) => (image as HTMLImageElement).naturalWidth))
  expect(widths).toHaveLength(3)
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
})

test('captions are edited by keys, found, replaced after a look, and edits are undone', async ({ page }) => {
  await captionFolder(page)
  // What the model says of the others must not decide what is found.
  await caption(page, '图片/слон.png').fill('An elephant')
  await caption(page, 'grey.png').fill('A grey cat')
  await caption(page, 'grey.png').press('Enter')
  await expect(caption(page, 'landscape.png')).toBeFocused()
  await expect.poll(() => file('grey.txt')).toBe('A grey cat\n')
  // One edit, so one undo takes it back.
  await expect(caption(page, 'grey.png')).toHaveValue('A grey cat')
  await caption(page, 'grey.png').fill('A grey dog')
  await caption(page, 'grey.png').press('Enter')
  await expect.poll(() => file('grey.txt')).toBe('A grey dog\n')
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(caption(page, 'grey.png')).toHaveValue('A grey cat')
  await caption(page, 'landscape.png').click()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type('A cat outside')
  await page.keyboard.press('Shift+Enter')
  await expect(caption(page, 'grey.png')).toBeFocused()
  await expect.poll(() => file('landscape.txt')).toBe('A cat outside\n')

  await page.getByRole('searchbox', { name: 'Find in captions and names' }).fill('cat')
  await expect(page.getByRole('article')).toHaveCount(2)
  await page.getByRole('button', { name: 'Find and replace' }).click()
  await page.getByRole('textbox', { name: 'Find', exact: true }).fill('cat')
  await page.getByRole('textbox', { name: 'Replace with' }).fill('dog')
  await expect(page.getByRole('list', { name: 'What will change' })).toContainText('A grey dog')
  // Enter replaces only what was seen.
  await page.getByRole('textbox', { name: 'Find', exact: true }).fill('a')
  await page.keyboard.press('Enter')
  await page.getByRole('textbox', { name: 'Find', exact: true }).fill('cat')
  await expect(page.getByRole('list', { name: 'What will change' })).toContainText('A grey dog')
  expect(file('grey.txt')).toBe('A grey cat\n')
  await page.getByRole('button', { name: 'Replace in 2 captions' }).click()
  await expect.poll(() => file('grey.txt')).toBe('A grey dog\n')
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect.poll(() => file('grey.txt')).toBe('A grey cat\n')
  await expect.poll(() => file('landscape.txt')).toBe('A cat outside\n')
})

test('what is being written is kept when its card is scrolled away', async ({ page }) => {
  for (let n = 0; n < 12; n++) copyFileSync(picturePath('grey'), join(folder, `more-${n}.png`))
  await page.setViewportSize({ width: 800, height: 600 })
  await captionFolder(page, 16)
  await caption(page, 'grey.png').fill('Half a sent')
  await page.getByRole('list', { name: 'Pictures' }).evaluate((list) => list.parentElement!.scrollTo(0, 1e6))
  await expect(caption(page, 'grey.png')).toHaveCount(0)
  await expect.poll(() => file('grey.txt')).toBe('Half a sent\n')
})

test('a selection is captioned again, failures are filtered, a folder is chosen by looking', async ({ page }) => {
  await captionFolder(page)
  await caption(page, 'grey.png').fill('By hand')
  await caption(page, 'grey.png').press('Enter')
  await expect.poll(() => file('grey.txt')).toBe('By hand\n')
  await page.getByRole('checkbox', { name: 'Select grey.png' }).check()
  await page.getByRole('button', { name: 'Caption 1 again' }).click()
  await expect.poll(() => file('grey.txt')).not.toBe('By hand\n')
  await page.getByRole('combobox', { name: 'Show' }).selectOption('Failed')
  await expect(page.getByRole('article')).toHaveCount(1)

  await page.getByRole('button', { name: 'New folder' }).click()
  // From a folder that is none there is a way on, too.
  await page.getByRole('textbox', { name: 'Folder' }).fill(join(folder, 'nowhere'))
  await page.getByRole('button', { name: 'Browse…' }).click()
  await expect(page.getByRole('alert')).toContainText('does not exist')
  await expect(page.getByRole('button', { name: 'Take this folder' })).toBeVisible()
  await page.getByRole('button', { name: 'Browse…' }).click()
  await page.getByRole('textbox', { name: 'Folder' }).fill(folder)
  await page.getByRole('button', { name: 'Browse…' }).click()
  await page.getByRole('button', { name: '图片' }).click()
  await expect(page.getByText('1 picture', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Take this folder' }).click()
  await expect(page.getByRole('textbox', { name: 'Folder' })).toHaveValue(join(folder, '图片'))
  expect(existsSync(join(folder, 'broken.txt'))).toBe(false)
})
