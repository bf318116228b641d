import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { Locator } from '@playwright/test'
import { keepChat } from './kept-chat.ts'
import { embeddedModelIsThere, serveWindow } from './served-window.ts'
import {
  answers,
  ask,
  conversation,
  expect,
  finished,
  modelButton,
  type Page,
  pickFiles,
  picturePath,
  question,
  test,
} from './window.ts'

const chats = (page: Page) => page.getByRole('region', { name: 'Chats' })
const chat = (page: Page, title: string) => chats(page).getByRole('button', { name: title, exact: true })
const search = (page: Page) => page.getByRole('searchbox', { name: 'Search all chats' })

test('a chat is listed, opened again, renamed, pinned, deleted and brought back', async ({ page, dataFolder }) => {
  await keepChat(dataFolder, ['A chat of yesterday', 'Yes.'])
  await finished(await ask(page, 'What is the first title?'))
  await page.keyboard.press('ControlOrMeta+Shift+o')
  await chat(page, 'A chat of yesterday').click()
  await expect(conversation(page).getByText('Yes.')).toBeVisible()
  await chat(page, 'What is the first title?').click()
  await expect(answers(page)).toHaveCount(1)

  await chat(page, 'What is the first title?').press('F2')
  await page.getByRole('textbox', { name: 'New title' }).fill('Second title')
  await page.keyboard.press('Enter')
  await expect(chat(page, 'Second title')).toBeVisible()
  await expect(chat(page, 'Second title')).toBeFocused()
  await page.keyboard.press('F2')
  await page.keyboard.press('Escape')
  await expect(chat(page, 'Second title')).toBeFocused()
  await chat(page, 'A chat of yesterday').focus()
  await chats(page)
    .locator(`div:has(> #${await chat(page, 'A chat of yesterday').getAttribute('id')})`)
    .getByRole('button', { name: 'Pin' })
    .click()
  await expect(chats(page).getByRole('heading').first()).toHaveText('Pinned')

  await chat(page, 'Second title').press('Delete')
  await expect(chat(page, 'Second title')).toBeHidden()
  await expect(page.getByRole('heading', { name: 'Show me a picture' })).toBeVisible()
  // One more does not take the way back of the one before.
  await chat(page, 'A chat of yesterday').press('Delete')
  await expect(chat(page, 'A chat of yesterday')).toBeHidden()
  await expect(chats(page).getByRole('button', { name: 'Undo' })).toHaveCount(2)
  await chats(page).getByRole('button', { name: 'Undo' }).last().click()
  await expect(chat(page, 'Second title')).toBeVisible()
  await chats(page).getByRole('button', { name: 'Undo' }).click()
  await expect(chat(page, 'A chat of yesterday')).toBeVisible()
})

test('chats go into folders by keys and by dragging, and stay when a folder goes', async ({ page, dataFolder }) => {
  // The newest comes first: trains follow ships.
  await keepChat(dataFolder, ['A chat about trains', 'Yes.'])
  await keepChat(dataFolder, ['A chat about ships', 'Yes.'])
  await page.reload()
  await chat(page, 'A chat about ships').press('m')
  const dialog = page.getByRole('dialog', { name: 'Move “A chat about ships” to' })
  await expect(dialog.getByRole('radio', { name: 'No folder' })).toBeFocused()
  await page.keyboard.press('Tab')
  await page.keyboard.type('Travel')
  await page.keyboard.press('Enter')
  const folder = chats(page)
    .getByRole('list', { name: 'Folders' })
    .getByRole('button', { name: /^Travel/ })
  await expect(folder).toHaveText('Travel1')
  await expect(chat(page, 'A chat about ships')).toBeHidden()
  // Keys go on with the row that took its place.
  await expect(chat(page, 'A chat about trains')).toBeFocused()

  await chat(page, 'A chat about trains').dragTo(folder)
  await expect(folder).toHaveText('Travel2')
  await folder.click()
  await expect(chat(page, 'A chat about trains')).toBeVisible()
  await chat(page, 'A chat about ships').press('m')
  await expect(page.getByRole('radio', { name: 'Travel' })).toBeFocused()
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Enter')
  await expect(chat(page, 'A chat about ships')).toBeHidden()
  await expect(chat(page, 'A chat about trains')).toBeFocused()
  // A chat that is begun here belongs here.
  await finished(await ask(page, 'Where does it go?'))
  await expect(chat(page, 'Where does it go?')).toBeVisible()
  await chats(page).getByRole('button', { name: 'Rename the folder' }).click()
  await page.getByRole('textbox', { name: 'Name of the folder' }).fill('Journeys')
  await page.keyboard.press('Enter')
  await expect(chats(page).getByRole('heading', { name: 'Journeys' })).toBeVisible()

  await chats(page).getByRole('button', { name: 'Remove the folder' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove the folder' }).click()
  await expect(chat(page, 'A chat about trains')).toBeVisible()
  await expect(chat(page, 'A chat about ships')).toBeVisible()
})

test('branches are kept and switched', async ({ page }) => {
  await finished(await ask(page, 'First?'))
  await finished(await ask(page, 'Second?'))
  await page.getByRole('article', { name: 'You asked' }).first().hover()
  await page.getByRole('button', { name: 'Change this question' }).first().click()
  await question(page).fill('Another first?')
  await question(page).press('Enter')
  await finished(answers(page).last())
  await expect(conversation(page).getByText('Second?')).toBeHidden()
  const versions = page.getByRole('group', { name: /^Version/ }).first()
  await expect(versions).toHaveAccessibleName('Version 2 of 2')
  await versions.getByRole('button', { name: 'Version before' }).click()
  await expect(conversation(page).getByText('Second?')).toBeVisible()
  await page.reload()
  await expect(conversation(page).getByText('Second?')).toBeVisible()
  await expect(versions).toHaveAccessibleName('Version 1 of 2')
})

test('search finds English and Chinese, and opens the chat at the message', async ({ page, dataFolder }) => {
  const texts = Array.from({ length: 80 }, (_, at) => `Message number ${at}. ${'And so on. '.repeat(20)}`)
  texts[10] = 'The zebra crosses 截图 the road.'
  await keepChat(dataFolder, texts)
  for (const [query, hit] of [
    ['zebr', 'zebr'],
    ['截图', '截图'],
    ['zebra 图', 'zebra'],
  ] as const) {
    await search(page).fill(query)
    await expect(chats(page).locator('mark').first()).toHaveText(hit)
    await chats(page).locator('li').getByRole('button').first().click()
    await expect(conversation(page).getByText('The zebra crosses')).toBeInViewport()
  }
  // Of a long chat only a part is drawn.
  expect(await conversation(page).getByRole('listitem').count()).toBeLessThan(40)
  await search(page).fill('no such words')
  await expect(chats(page).getByText('Nothing was found.')).toBeVisible()
})

test('a chat that another window deleted is found no more, and one that is gone says so', async ({
  page,
  context,
  served,
  dataFolder,
}) => {
  await keepChat(dataFolder, ['The okapi stands alone', 'Yes.'])
  await keepChat(dataFolder, ['The okapi is not alone', 'Yes.'])
  await page.reload()
  await search(page).fill('okapi')
  const found = chats(page)
    .locator('li')
    .getByRole('button', { name: /okapi stands/ })
  await expect(found.first()).toBeVisible()
  // A window that has not heard of it yet.
  const late = await context.newPage()
  await late.routeWebSocket(/./, (socket) => {
    const server = socket.connectToServer()
    let isCut = false
    socket.onMessage((message) => server.send(message))
    server.onMessage((message) => !isCut && socket.send(message))
    void late.exposeFunction('cut', (cut: boolean) => {
      isCut = cut
    })
  })
  await late.goto(served.address)
  await expect(chat(late, 'The okapi stands alone')).toBeVisible()
  const cut = (isCut: boolean) =>
    late.evaluate((isCut) => (window as unknown as { cut(cut: boolean): Promise<void> }).cut(isCut), isCut)
  await cut(true)
  const other = await context.newPage()
  await other.goto(served.address)
  await chat(other, 'The okapi stands alone').press('Delete')
  await expect(found).toHaveCount(0)
  await expect(
    chats(page)
      .locator('li')
      .getByRole('button', { name: /okapi is not/ })
      .first(),
  ).toBeVisible()
  await cut(false)
  await chat(late, 'The okapi stands alone').click()
  await expect(late.getByRole('alert')).toContainText('There is no such chat')
  await late.getByRole('alert').getByRole('button', { name: 'Close' }).click()
  await expect(late.getByRole('alert')).toBeHidden()
})

test('chats are exported with their pictures and come back', async ({ page }) => {
  await pickFiles(page, [picturePath('landscape')])
  await finished(await ask(page, 'What will be exported?'))
  const download = page.waitForEvent('download')
  await chats(page).getByRole('button', { name: 'Export', exact: true }).click()
  await page.getByRole('menuitemradio', { name: 'JSON with pictures' }).first().click()
  const path = await (await download).path()
  expect((await download).suggestedFilename()).toMatch(/^owl-chats-.*-json\.zip$/)
  expect(readFileSync(path).subarray(0, 2).toString()).toBe('PK')

  const importFile = (buffer: Buffer, name: string) =>
    chats(page).locator('input[type=file]').setInputFiles({ name, mimeType: 'application/octet-stream', buffer })
  await importFile(readFileSync(path), 'chats.zip')
  await expect(chats(page).getByText('0 chats imported, 1 already there.')).toBeVisible()
  const mapping = {
    q: { parent: null, message: { author: { role: 'user' }, content: { parts: ['A question from elsewhere'] } } },
    a: { parent: 'q', message: { author: { role: 'assistant' }, content: { parts: ['An answer from elsewhere'] } } },
  }
  await importFile(Buffer.from(JSON.stringify([{ title: 'From elsewhere', mapping }])), 'conversations.json')
  await chat(page, 'From elsewhere').click()
  await expect(conversation(page).getByText('An answer from elsewhere')).toBeVisible()
  await importFile(Buffer.from('nothing'), 'chats.zip')
  await expect(chats(page).getByRole('alert')).toContainText('conversations.json')
})

test.describe('killed in the middle of an answer', () => {
  test.skip(!embeddedModelIsThere, 'the embedded model is not in native-models/owl-mini')

  test.skip(process.platform !== 'linux', 'finds the model process by pgrep')

  test('the program keeps what was said, marked, and goes on with it', async ({ browser, dataFolder }) => {
    const first = await serveWindow({ dataFolder, model: 'owl-mini' })
    const context = await browser.newContext({ locale: 'en-US' })
    const page = await context.newPage()
    await page.goto(first.address)
    await expect(modelButton(page)).toContainText('CPU', { timeout: 120_000 })
    // The model is halted at its first words, so that it is in the middle however fast it is.
    const children = execFileSync('pgrep', ['-P', String(first.process.pid), '-f', 'inference-process']).toString()
    const signal = (name: NodeJS.Signals) => {
      for (const child of children.trim().split('\n')) process.kill(Number(child), name)
    }
    await page.exposeFunction('halt', () => signal('SIGSTOP'))
    await page.evaluate(() => {
      const observer = new MutationObserver(() => {
        if (!document.querySelector('[aria-busy=true] :is([class*=plain], [class*=markdown])')) return
        observer.disconnect()
        void (window as unknown as { halt(): Promise<void> }).halt()
      })
      observer.observe(document.body, { childList: true, subtree: true })
    })
    const answer = await ask(page, 'Name the days of the week.')
    const words = (of: Locator) => of.locator('[class*=markdown]')
    await expect(words(answer)).toHaveText(/\w/)
    // Longer than the program waits before it writes what has come.
    await page.waitForTimeout(1500)
    await expect(answer).toHaveAttribute('aria-busy', 'true')
    const said = (await words(answer).textContent())!
    first.process.kill('SIGKILL')
    signal('SIGKILL')

    const second = await serveWindow({ dataFolder, model: 'owl-mini' })
    await page.goto(second.address)
    await chat(page, 'Name the days of the week.').click()
    const kept = answers(page).last()
    await expect(kept).toContainText('Interrupted')
    await expect(words(kept)).toHaveText(said)
    await kept.getByRole('button', { name: 'Continue' }).click()
    await expect(kept.getByText('tokens/s')).toBeVisible({ timeout: 120_000 })
    expect(await words(kept).textContent()).toContain(said)
    await context.close()
    await second.stop()
  })
})
