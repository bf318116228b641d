import type { Locator } from '@playwright/test'
import { keepChat } from './kept-chat.ts'
import {
  answers,
  ask,
  conversation,
  dropFiles,
  expect,
  finished,
  pickFiles,
  pictureFile,
  picturePath,
  question,
  test,
  trayPictures,
} from './window.ts'

test('a second question goes to the same picture', async ({ page }) => {
  const sent: Buffer[] = []
  page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => sent.push(Buffer.from(payload))))
  await page.reload()
  await pickFiles(page, [picturePath('exact')])
  await expect(trayPictures(page)).toHaveCount(1)
  const rowsOfPictures = async (answer: Locator) => {
    await finished(answer)
    return /(\d+) of them for pictures/.exec((await answer.getByTitle(/for pictures/).getAttribute('title')) ?? '')?.[1]
  }
  const first = await rowsOfPictures(await ask(page, 'What is this?'))
  expect(Number(first)).toBeGreaterThan(0)
  sent.length = 0
  expect(await rowsOfPictures(await ask(page, 'And its colour?'))).toBe(first)
  // Main knows the rest.
  const request = sent.find((frame) => frame.includes('chats.ask'))!.toString('latin1')
  expect(request).not.toContain('What is this?')
  expect(request).not.toContain('exact.png')
})

test('the same question gets the same answer again; it is copied whole', async ({ page }) => {
  const answer = await ask(page, 'What do you see?')
  await finished(answer)
  const copied = async () => {
    await answer.getByRole('button', { name: 'Copy the answer' }).click()
    await expect(answer.getByRole('button', { name: 'Copied' })).toBeVisible()
    return page.evaluate(() => navigator.clipboard.readText())
  }
  const first = await copied()
  expect(first.length).toBeGreaterThan(10)
  await answer.getByRole('button', { name: 'Answer again' }).click()
  await expect(answers(page)).toHaveCount(1)
  await finished(answer)
  // Greedy, so the same words; far on, a prompt out of the cache may differ from a fresh one in the last bit.
  expect((await copied()).slice(0, 60)).toBe(first.slice(0, 60))
})

test('an earlier question is changed with its picture, and what came after makes room', async ({ page }) => {
  await pickFiles(page, [picturePath('grey')])
  await ask(page, 'First?')
  await page.keyboard.press('Escape')
  await ask(page, 'Second?')
  await page.keyboard.press('Escape')
  await question(page).fill('not sent yet')
  await page.getByRole('article', { name: 'You asked' }).first().hover()
  await page.getByRole('button', { name: 'Change this question' }).first().click()
  await expect(question(page)).toHaveValue('First?')
  await expect(trayPictures(page)).toHaveCount(1)
  await question(page).fill('First, but better?')
  await question(page).press('Enter')
  await expect(page.getByRole('article', { name: 'You asked' })).toHaveCount(1)
  await expect(conversation(page).getByText('First, but better?')).toBeVisible()
  await expect(question(page)).toHaveValue('not sent yet')
})

test('a question that does not fit says so, and stays to be changed', async ({ page }) => {
  const answer = await ask(page, 'word '.repeat(3000))
  const alert = answer.getByRole('alert')
  await expect(alert).toContainText(/new chat/)
  await alert.getByRole('button', { name: 'Change this question' }).click()
  await question(page).fill('Short?')
  await question(page).press('Enter')
  await finished(answers(page).last())
})

test('turns that the context cannot hold leave with a mark', async ({ page, dataFolder }) => {
  const questions = [1, 2, 3, 4].map((at) => `Question ${at} ${'word '.repeat(900)}`)
  await keepChat(
    dataFolder,
    questions.flatMap((text) => [text, 'Yes.']),
  )
  await page.reload()
  await page
    .getByRole('button', { name: /^Question 1 word/ })
    .first()
    .click()
  await expect(answers(page)).toHaveCount(4)
  await finished(await ask(page, 'And now?'))
  const mark = conversation(page).getByText('The context is full: the model no longer knows what is above.')
  await expect(mark).toBeVisible()
  // It stays where it is when the chat is opened again.
  await page.reload()
  await expect(mark).toBeVisible()
})

test('a picture that turns out damaged fails the answer with its name, not the window', async ({ page }) => {
  const { bytes } = pictureFile('landscape')
  await dropFiles(page, [{ name: 'damaged.png', type: 'image/png', bytes: bytes.subarray(0, bytes.length / 2) }])
  await expect(trayPictures(page).or(page.getByRole('alert'))).toBeVisible()
  // A shell that looks at the pixels as well has refused it by now.
  if (await trayPictures(page).isVisible()) await ask(page, 'What is this?')
  const alert = page.getByRole('alert')
  await expect(alert).toContainText('damaged.png')
  await expect(alert).toContainText('PNG or JPEG')
})
