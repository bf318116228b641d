import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { embeddedModel, embeddedModelIsThere, type ServedWindow, serveWindow } from './served-window.ts'
import { answers, ask, dropFiles, expect, finished, modelButton, pictureFile, test } from './window.ts'

const manifest = join(embeddedModel, 'manifest.json')
if (!embeddedModelIsThere) console.log('Skipped: the embedded model is not in native-models/owl-mini.')

test.describe('the embedded model', () => {
  test.skip(!embeddedModelIsThere, 'the embedded model is not in native-models/owl-mini')

  const dataFolder = embeddedModelIsThere ? mkdtempSync(join(tmpdir(), 'owl-mini-')) : ''
  let served: ServedWindow
  test.beforeAll(async () => {
    served = await serveWindow({ dataFolder })
  })
  test.afterAll(async () => {
    await served?.stop()
    rmSync(dataFolder, { recursive: true, force: true })
  })

  test('is loaded on a fresh machine, says what it is, and answers about a picture', async ({ browser }) => {
    const page = await browser.newPage({ locale: 'en-US' })
    await page.goto(served.address)
    await expect(modelButton(page)).toContainText(/Owl Mini.*(CPU|GPU)/, { timeout: 60_000 })
    const { description } = JSON.parse(readFileSync(manifest, 'utf8')) as { description: string }
    await expect(page.getByText(description)).toBeVisible()
    await dropFiles(page, [pictureFile('landscape')])
    const answer = await ask(page, 'What is this?')
    await finished(answer)
    expect((await answers(page).locator('p').first().textContent())!.trim()).not.toBe('')
    const second = await ask(page, 'Is there a button?')
    await finished(second)
    await page.close()
  })
})
