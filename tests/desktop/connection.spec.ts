import { execFileSync } from 'node:child_process'
import type { WebSocketRoute } from '@playwright/test'
import { serveWindow } from './served-window.ts'
import {
  answers,
  ask,
  conversation,
  expect,
  finished,
  modelButton,
  pickFiles,
  picturePath,
  question,
  test,
  trayPictures,
} from './window.ts'

test('a wrong token and no token get nothing', async ({ browser, served }) => {
  const context = await browser.newContext()
  const page = await context.newPage()
  const { origin } = new URL(served.address)
  for (const address of [
    `${origin}/?token=wrong`,
    `${origin}/`,
    `${origin}/assets/`,
    `${origin}/attachments/${'0'.repeat(64)}`,
  ]) {
    const response = await page.goto(address)
    expect(response?.status(), address).toBe(401)
    await expect(page.getByText('owl serve')).toBeVisible()
  }
  await context.close()
})

test('a reload in the middle of an answer keeps question, pictures, words and draft', async ({ page }) => {
  await pickFiles(page, [picturePath('landscape')])
  const answer = await ask(page, 'What is this?')
  await expect(answer.locator('p').first()).toBeVisible()
  await question(page).fill('next question')
  await page.reload()
  await expect(conversation(page).getByText('What is this?')).toBeVisible()
  await expect(question(page)).toHaveValue('next question')
  await expect(page.getByRole('button', { name: 'Show landscape.png large' })).toBeVisible()
  await expect(answers(page)).toHaveCount(1)
  // The answer may have been complete by then.
  if (await answers(page).getByText('Interrupted').isVisible()) {
    await answers(page).getByRole('button', { name: 'Answer again' }).click()
  }
  await finished(answers(page).last())
})

test.describe('a connection that breaks', () => {
  test.use({ expectedInConsole: /WebSocket|Failed to load resource/ })

  test('is shown, comes back by itself, and a lost answer can be asked for again', async ({ page }) => {
    let socket: WebSocketRoute | undefined
    let passing = true
    await page.routeWebSocket(/socket$/, (route) => {
      if (!passing) return route.close()
      socket = route
      route.connectToServer()
    })
    await page.reload()
    await expect(modelButton(page)).toContainText('CPU')
    const answer = await ask(page, 'What is this?')
    passing = false
    await socket!.close()
    await expect(page.getByText('The connection to Owl was lost. Trying')).toBeVisible()
    await expect(conversation(page).getByText('What is this?')).toBeVisible()

    await pickFiles(page, [picturePath('grey')])
    const failed = page.getByRole('alert').filter({ hasText: 'grey.png could not be added' })
    await expect(failed).toBeVisible()

    passing = true
    await page.getByRole('button', { name: 'Try now' }).click()
    await expect(page.getByText('The connection to Owl was lost. Trying')).toBeHidden()
    await failed.getByRole('button', { name: 'Try again' }).click()
    await expect(trayPictures(page)).toHaveCount(1)
    // The answer may have been complete before the connection broke.
    const again = answer.getByRole('button', { name: 'Try again' })
    if (await again.isVisible()) await again.click()
    await finished(answer)
  })

  test('for good, because the program was started anew, says what to do', async ({ browser, dataFolder }) => {
    const first = await serveWindow({ dataFolder, model: 'tiny-512' })
    const context = await browser.newContext({ locale: 'en-US' })
    const page = await context.newPage()
    await page.goto(first.address)
    await expect(modelButton(page)).toContainText('CPU')
    await question(page).fill('half a question')
    await first.stop()
    await expect(page.getByText('The connection to Owl was lost.')).toBeVisible()
    const second = await serveWindow({ dataFolder, model: 'tiny-512', port: Number(new URL(first.address).port) })
    await expect(page.getByText('no longer knows this page')).toBeVisible()
    await page.goto(second.address)
    await expect(question(page)).toHaveValue('half a question')
    await context.close()
    await second.stop()
  })
})

test('the model process dies in the middle: the answer says so, and the next one comes', async ({ page, served }) => {
  test.skip(process.platform !== 'linux', 'finds the model process by pgrep')
  await finished(await ask(page, 'One?'))
  // The reader of text runs in a process of its own from the same entry: both die.
  const children = execFileSync('pgrep', ['-P', String(served.process.pid), '-f', 'inference-process']).toString()
  const signal = (name: 'SIGSTOP' | 'SIGKILL') => {
    for (const child of children.trim().split('\n')) process.kill(Number(child), name)
  }
  // Halted first, or so small a model would have answered before it dies.
  signal('SIGSTOP')
  const answer = await ask(page, 'Tell me a long story.')
  await expect(answer).toHaveAttribute('aria-busy', 'true')
  signal('SIGKILL')
  await expect(answer.getByRole('alert')).toContainText(/ask once more/)
  await expect(conversation(page).getByText('Tell me a long story.')).toBeVisible()
  await answer.getByRole('button', { name: 'Try again' }).click()
  await finished(answers(page).last())
})
