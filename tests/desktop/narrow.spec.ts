import { keepChat } from './kept-chat.ts'
import { conversation, expect, type Page, question, test } from './window.ts'

const chats = (page: Page) => page.getByRole('region', { name: 'Chats' })
const chat = (page: Page, title: string) => chats(page).getByRole('button', { name: title, exact: true })
const toggle = (page: Page) => page.getByRole('button', { name: /^(Show|Hide) the list$/ })

test('the list of a narrow window leaves the rest in reach, and goes when it is done with', async ({
  page,
  dataFolder,
}) => {
  await keepChat(dataFolder, ['A chat of a narrow window', 'Yes.'])
  await page.reload()
  await expect(chat(page, 'A chat of a narrow window')).toBeVisible()
  // Where the window becomes too narrow for it, it goes, and comes back with the room.
  await page.setViewportSize({ width: 700, height: 500 })
  await expect(chats(page)).toBeHidden()
  await page.setViewportSize({ width: 1280, height: 800 })
  await expect(chats(page)).toBeVisible()
  await page.setViewportSize({ width: 700, height: 500 })
  await expect(chats(page)).toBeHidden()

  await toggle(page).click()
  await expect(chats(page)).toBeVisible()
  const header = (await page.locator('header').boundingBox())!
  const list = (await chats(page).boundingBox())!
  const rail = (await page.getByRole('navigation', { name: 'Views' }).boundingBox())!
  expect(list.y).toBeGreaterThanOrEqual(header.y + header.height)
  expect(list.y + list.height).toBeLessThanOrEqual(rail.y)
  await toggle(page).click()
  await expect(chats(page)).toBeHidden()

  const ways: [string, () => Promise<void>][] = [
    ['a chat is chosen', () => chat(page, 'A chat of a narrow window').click()],
    ['the same is chosen once more', () => chat(page, 'A chat of a narrow window').click()],
    ['Escape', () => page.keyboard.press('Escape')],
    ['a click beside it', () => page.mouse.click(650, 250)],
    ['another view', () => page.keyboard.press('Alt+Digit5')],
  ]
  for (const [way, leave] of ways) {
    await test.step(way, async () => {
      await toggle(page).click()
      await expect(chats(page)).toBeVisible()
      await leave()
      await expect(chats(page)).toBeHidden()
    })
  }
  await page.keyboard.press('Alt+Digit1')
  await expect(conversation(page).getByText('Yes.')).toBeVisible()
  await expect(chats(page)).toBeHidden()
})

test('keys go on from the button of a list that was left', async ({ page }) => {
  await page.setViewportSize({ width: 700, height: 500 })
  await toggle(page).press('Enter')
  await page.getByRole('searchbox', { name: 'Search all chats' }).focus()
  await page.keyboard.press('Escape')
  await expect(toggle(page)).toBeFocused()
  await page.keyboard.type('What')
  await expect(question(page)).toHaveValue('What')
})
