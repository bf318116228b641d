import AxeBuilder from '@axe-core/playwright'
import { ask, expect, finished, pickFiles, picturePath, test, trayPictures } from './window.ts'

test('a word of an answer shows where in the picture the model looked', async ({ page }) => {
  await pickFiles(page, [picturePath('landscape')])
  await expect(trayPictures(page)).toHaveCount(1)
  const answer = await ask(page, 'What is this?')
  await finished(answer)
  await answer.getByRole('button', { name: 'See why' }).click()

  const inspector = page.getByRole('dialog', { name: 'Where the model looked' })
  await expect(inspector.getByRole('status')).toContainText(/\d+ % of the attention went to pictures/)
  const map = inspector.getByRole('img', { name: /landscape/ })
  await expect(map).toBeVisible()
  const drawing = () => map.evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL())
  await expect.poll(async () => (await drawing()).length).toBeGreaterThan(5000)
  const whole = await drawing()

  const words = inspector.getByRole('group', { name: 'Words of the answer' }).getByRole('button')
  await words.nth(2).click()
  await expect(words.nth(2)).toHaveAttribute('aria-pressed', 'true')
  await expect.poll(drawing).not.toBe(whole)

  // One stop of the Tab key for all words; arrows go from one to the next.
  await page.keyboard.press('ArrowRight')
  await expect(words.nth(3)).toBeFocused()
  await expect(words.nth(3)).toHaveAttribute('aria-pressed', 'false')
  await page.keyboard.press('Home')
  await expect(words.first()).toBeFocused()
  await page.keyboard.press('ArrowLeft')
  await expect(words.first()).toBeFocused()
  await page.keyboard.press('Tab')
  expect(await words.evaluateAll((all) => all.includes(document.activeElement as HTMLButtonElement))).toBe(false)
  await page.keyboard.press('Shift+Tab')
  await expect(words.first()).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(words.nth(1)).toHaveAttribute('aria-pressed', 'true')

  const layers = inspector.getByRole('group', { name: /Attention by layer/ }).getByRole('button')
  await layers.last().click()
  await expect(inspector.getByRole('status')).toContainText(`Layer ${await layers.count()}`)
  await page.keyboard.press('Home')
  await expect(layers.first()).toBeFocused()

  const saved = page.waitForEvent('download')
  await inspector.getByRole('button', { name: 'Save as PNG' }).click()
  expect((await saved).suggestedFilename()).toBe('landscape.attention.png')

  const { violations } = await new AxeBuilder({ page }).include('dialog').analyze()
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([])
  await page.keyboard.press('Escape')
  await expect(inspector).toBeHidden()
})

test('without a picture all attention is on text', async ({ page }) => {
  const answer = await ask(page, 'Hello?')
  await finished(answer)
  await answer.getByRole('button', { name: 'See why' }).click()
  const inspector = page.getByRole('dialog', { name: 'Where the model looked' })
  await expect(inspector.getByText('There was no picture in this chat')).toBeVisible()
  await expect(inspector.getByRole('status')).toContainText('0 % of the attention went to pictures')
})
