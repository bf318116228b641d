import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dataFolder as folderAt } from '../../src-main/core/data-folder.ts'
import { History } from '../../src-main/core/history.ts'
import { Database } from '../../src-main/storage/database.ts'
import { keepChat } from './kept-chat.ts'
import { serveWindow } from './served-window.ts'
import { conversation, expect, test } from './window.ts'

test('ten thousand chats, and one of two thousand messages: few rows are drawn, all are reached', async ({
  browser,
  dataFolder,
}) => {
  const folder = mkdtempSync(join(tmpdir(), 'owl-large-'))
  symlinkSync(join(dataFolder, 'models'), join(folder, 'models'))
  const database = await Database.open(folderAt({ OWL_DATA_DIR: folder }).database)
  const { chats } = new History(database)
  database.transaction(() => {
    for (let at = 0; at < 10_000; at++) chats.add({ id: `${at}`, title: `Chat ${at}`, createdAt: at })
  })
  database.close()
  await keepChat(folder, ['A long chat', ...Array.from({ length: 1999 }, (_, at) => `Message ${at + 1}`)])
  const served = await serveWindow({ dataFolder: folder, model: 'tiny-512' })
  const context = await browser.newContext({ locale: 'en-US' })
  const page = await context.newPage()
  await page.goto(served.address)

  const list = page.getByRole('region', { name: 'Chats' })
  const entry = (title: string) => list.getByRole('button', { name: title, exact: true })
  await expect(entry('Chat 9999')).toBeVisible()
  expect(await list.getByRole('listitem').count()).toBeLessThan(80)
  await entry('A long chat').press('End')
  await expect(entry('Chat 9901')).toBeFocused()
  await expect(async () => {
    await page.keyboard.press('End')
    await expect(entry('Chat 9801')).toBeFocused({ timeout: 500 })
  }).toPass()
  expect(await list.getByRole('listitem').count()).toBeLessThan(80)
  await page.getByRole('searchbox', { name: 'Search all chats' }).fill('Chat 3755')
  await expect(entry('Chat 3755')).toBeVisible()
  await page.getByRole('button', { name: 'Clear the search' }).click()

  await entry('A long chat').click()
  await expect(conversation(page).getByText('Message 1999')).toBeVisible()
  const turns = conversation(page).getByRole('listitem')
  expect(await turns.count()).toBeLessThan(60)
  await expect(turns.last()).toHaveAttribute('aria-posinset', '2000')
  await conversation(page).press('Home')
  await expect(conversation(page).getByText('A long chat')).toBeVisible()
  expect(await turns.count()).toBeLessThan(60)
  await context.close()
  await served.stop()
  rmSync(folder, { recursive: true, force: true })
})
