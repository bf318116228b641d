import AxeBuilder from '@axe-core/playwright'
import {
  ask,
  dropFiles,
  expect,
  finished,
  modelButton,
  type Page,
  pickFiles,
  pictureFile,
  picturePath,
  question,
  test,
} from './window.ts'

const paper = (page: Page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
const light = 'rgb(247, 246, 242)'
const dark = 'rgb(21, 25, 27)'

/** Chooses in the settings, and goes back to the chat. */
async function choose(page: Page, setting: RegExp, choice: string): Promise<void> {
  await page.getByRole('button', { name: /^(Settings|设置)$/ }).click()
  await page.getByRole('combobox', { name: setting }).selectOption({ label: choice })
  await page
    .getByRole('button', { name: /^(Chat|对话)$/ })
    .first()
    .click()
}
const theme = /^(Theme|主题)$/
const language = /^(Language|界面语言)$/

test('the theme follows the system until one is chosen, and the choice stays', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' })
  expect(await paper(page)).toBe(light)
  await page.emulateMedia({ colorScheme: 'dark' })
  expect(await paper(page)).toBe(dark)
  await choose(page, theme, 'Light')
  expect(await paper(page)).toBe(light)
  await page.reload()
  await expect(question(page)).toBeVisible()
  expect(await paper(page)).toBe(light)
  await choose(page, theme, 'Like the system')
  expect(await paper(page)).toBe(dark)
})

test('the language changes at once and stays', async ({ page }) => {
  await choose(page, language, '中文')
  await expect(page.getByRole('heading', { name: '给我看一张图片' })).toBeVisible()
  await page.reload()
  await expect(page.getByRole('textbox', { name: '你的问题' })).toBeVisible()
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('zh-CN')
  await dropFiles(page, [{ name: 'empty.png', type: 'image/png', bytes: Buffer.alloc(0) }])
  await expect(page.getByRole('alert')).toContainText('图片文件是空的')
  await choose(page, language, '英文 English')
  await expect(question(page)).toBeVisible()
})

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in the ${colorScheme} window`, () => {
    // Opened in the theme and without motion: colours on their way from one to another are nobody's contrast.
    test.use({ colorScheme, contextOptions: { reducedMotion: 'reduce' } })
    test('axe finds nothing', async ({ page }) => {
      test.slow()
      const check = async (place: string) => {
        const { violations } = await new AxeBuilder({ page }).analyze()
        const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)
        expect(found, place).toEqual([])
      }
      await check('the empty screen')
      await page.getByRole('button', { name: 'Settings' }).click()
      await expect(page.getByRole('combobox', { name: 'Theme' })).toBeVisible()
      await check('the settings')
      await page.getByRole('button', { name: 'Show the devices' }).click()
      // A driver that hangs is given up after two minutes, and told as one that does not work.
      await expect(page.getByRole('button', { name: 'Try them again' })).toBeEnabled({ timeout: 150_000 })
      await page.getByRole('button', { name: 'Show the log' }).click()
      await check('the devices and the log')
      const rail = page.getByRole('navigation', { name: 'Views' })
      await rail.getByRole('button', { name: 'Models' }).click()
      await expect(page.getByRole('heading', { name: 'Owl Mini' })).toBeVisible()
      await check('the models')
      await page.getByRole('button', { name: 'Export' }).first().click()
      await check('where a model is to be exported')
      await modelButton(page).click()
      await expect(page.getByRole('menu')).toBeVisible()
      await check('the menu of models')
      await page.keyboard.press('Escape')
      await page.keyboard.press('Control+/')
      await expect(page.getByRole('dialog')).toBeVisible()
      await check('the sheet of keys')
      await page.keyboard.press('Escape')
      await rail.getByRole('button', { name: 'Chat' }).click()
      await pickFiles(page, ['landscape', 'portrait'].map(picturePath))
      await dropFiles(page, [{ name: 'empty.png', type: 'image/png', bytes: Buffer.alloc(0) }])
      await expect(page.getByRole('alert')).toBeVisible()
      await question(page).fill('What are these?')
      await check('a draft with pictures and an error')
      await page.getByRole('button', { name: 'Show landscape.png large' }).focus()
      await page.keyboard.press('c')
      await expect(page.getByRole('dialog', { name: 'Cut and turn' })).toBeVisible()
      await check('the editor of a picture')
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'Options of this chat' }).click()
      await expect(page.getByRole('dialog', { name: 'Options of this chat' })).toBeVisible()
      await check('the options of a chat')
      await page.keyboard.press('Escape')
      await finished(await ask(page, 'What are these?'))
      await check('a conversation')
      const row = page
        .getByRole('region', { name: 'Chats' })
        .getByRole('button', { name: 'What are these?', exact: true })
        .first() // the other theme's test has asked the same
      await row.press('m')
      await expect(page.getByRole('dialog')).toBeVisible()
      await check('the choice of a folder')
      await page.keyboard.press('Escape')
      await row.press('F2')
      await check('a new name for a chat')
      await page.keyboard.press('Escape')
      await row.press('Delete')
      await expect(page.getByRole('button', { name: 'Undo' })).toBeVisible()
      await check('a deleted chat')
      await page.getByRole('button', { name: 'Undo' }).click()
      await row.click()
      await page.getByRole('button', { name: 'Show landscape.png large' }).click()
      await check('a picture shown large')
    })
  })
}

test('at twice the size of text nothing is cut off sideways', async ({ page }) => {
  await page.setViewportSize({ width: 800, height: 600 })
  await page.evaluate(() => {
    document.documentElement.style.fontSize = '200%'
  })
  await dropFiles(page, [pictureFile('landscape')])
  await finished(await ask(page, 'What is this?'))
  const overflow = await page.evaluate(() =>
    [...document.querySelectorAll('header, main, section, form')]
      .filter((element) => element.scrollWidth > element.clientWidth + 1)
      .map((element) => element.tagName),
  )
  expect(overflow).toEqual([])
  await expect(page.getByRole('button', { name: 'Settings' })).toBeInViewport()
})

test('where motion is unwanted, nothing moves', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await pickFiles(page, [picturePath('landscape')])
  await ask(page, 'What is this?')
  const moving = await page.evaluate(
    () =>
      document.getAnimations().filter(({ effect }) => Number(effect?.getComputedTiming().duration ?? 0) > 50).length,
  )
  expect(moving).toBe(0)
})
