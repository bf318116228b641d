import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base, expect, type Locator, type Page } from '@playwright/test'
import { installModel, root, type ServedWindow, serveWindow } from './served-window.ts'

export { expect, type Page }

const fixtures = join(root, 'tests/fixtures/reference')

interface WorkerOptions {
  /** Name of the model that answers: the tiny reference model, or the embedded one. */
  model: string
}

interface WorkerFixtures extends WorkerOptions {
  /** A data folder with the tiny reference model installed. */
  dataFolder: string
  served: ServedWindow
}

interface TestFixtures {
  /** The window, open and with its model ready. Any breach of its content security policy fails the test. */
  page: Page
  /** Messages that a test expects in the console, such as of a connection it breaks. */
  expectedInConsole: RegExp | undefined
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  model: ['tiny-512', { option: true, scope: 'worker' }],
  dataFolder: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the dependencies from the pattern
    async ({}, use) => {
      const folder = mkdtempSync(join(tmpdir(), 'owl-window-'))
      installModel(folder, join(fixtures, 'tiny-512'), 'tiny-512')
      await use(folder)
      rmSync(folder, { recursive: true, force: true })
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  served: [
    async ({ dataFolder, model }, use) => {
      const served = await serveWindow({ dataFolder, model })
      await use(served)
      await served.stop()
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  expectedInConsole: [undefined, { option: true }],
  page: async ({ page, served, expectedInConsole }, use) => {
    const complaints: string[] = []
    page.on('console', (message) => {
      if (message.type() !== 'error' || expectedInConsole?.test(message.text())) return
      const { url } = message.location()
      // The page that takes the token in names no icon, so that the browser looks for one.
      if (!url.endsWith('/favicon.ico')) complaints.push(`${message.text()} (${url})`)
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.goto(served.address)
    await expect(modelButton(page)).toContainText('CPU')
    await use(page)
    expect(complaints).toEqual([])
  },
})

export const picturePath = (name: string) => join(fixtures, 'images', `${name}.png`)

export const question = (page: Page) => page.getByRole('textbox', { name: 'Your question' })
export const modelButton = (page: Page) => page.getByRole('button', { name: /^Choose a model/ })
export const answers = (page: Page) => page.getByRole('article', { name: 'Owl answered' })
export const conversation = (page: Page) => page.getByRole('region', { name: 'Conversation' })
export const tray = (page: Page) => page.getByRole('list', { name: 'Pictures of your question' })
export const trayPictures = (page: Page) => tray(page).getByRole('button', { name: /^Show .* large$/ })

export async function ask(page: Page, text: string): Promise<Locator> {
  const before = await answers(page).count()
  await question(page).fill(text)
  await question(page).press('Enter')
  await expect(answers(page)).toHaveCount(before + 1)
  return answers(page).last()
}

/** Waits until an answer has ended by itself: its numbers are there. */
export async function finished(answer: Locator): Promise<void> {
  await expect(answer.getByText('tokens/s')).toBeVisible({ timeout: 60_000 })
}

export interface TestFile {
  name: string
  type: string
  bytes: Buffer
}

export function pictureFile(name: string): TestFile {
  return { name: `${name}.png`, type: 'image/png', bytes: readFileSync(picturePath(name)) }
}

/** Drags files over the window and drops them, as a file manager does. */
export async function dropFiles(page: Page, files: TestFile[]): Promise<void> {
  const plain = files.map(({ name, type, bytes }) => ({ name, type, base64: bytes.toString('base64') }))
  await page.evaluate((files) => {
    const dataTransfer = new DataTransfer()
    for (const { name, type, base64 } of files) {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
      dataTransfer.items.add(new File([bytes], name, { type }))
    }
    for (const type of ['dragenter', 'dragover', 'drop']) {
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }))
    }
  }, plain)
}

export async function pickFiles(page: Page, paths: string[]): Promise<void> {
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Add pictures' }).click()
  await (await chooser).setFiles(paths)
}
