import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { _electron as electron } from '@playwright/test'
import { root } from './served-window.ts'
import { ask, dropFiles, expect, finished, modelButton, pictureFile, question, test } from './window.ts'

const binary = electronBinary()
if (!binary)
  console.log('Skipped: the Electron binary is not installed; its package fetches it where the network allows.')

/** Electron's program, without asking the package for it: that would begin a download. */
function electronBinary(): string | undefined {
  const folder = join(root, 'node_modules/electron')
  const pathFile = join(folder, 'path.txt')
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8') : 'electron'
  const path = join(process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(folder, 'dist'), name)
  return existsSync(path) ? path : undefined
}

test.describe('the app', () => {
  test.skip(!binary, 'the Electron binary is not installed')

  test('opens its window, isolated, and answers about a dropped picture', async ({ dataFolder }) => {
    const app = await electron.launch({
      executablePath: binary,
      args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), root],
      env: { ...process.env, OWL_DATA_DIR: dataFolder } as Record<string, string>,
    })
    const page = await app.firstWindow()
    await expect(modelButton(page)).toContainText(/CPU|GPU/)
    expect(await page.evaluate(() => ['require', 'process', 'module'].filter((name) => name in window))).toEqual([])
    await dropFiles(page, [pictureFile('landscape')])
    await expect(page.getByRole('button', { name: 'Show landscape.png large' }).locator('img')).toHaveJSProperty(
      'complete',
      true,
    )
    await finished(await ask(page, 'What is this?'))
    await question(page).fill('kept over a reload')
    await page.reload()
    await expect(question(page)).toHaveValue('kept over a reload')
    await app.close()
  })

  test('opens no second window for an address of an answer', async ({ dataFolder }) => {
    const app = await electron.launch({
      executablePath: binary,
      args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), root],
      env: { ...process.env, OWL_DATA_DIR: dataFolder } as Record<string, string>,
    })
    const opened = await app.evaluate(async ({ shell }) => {
      const addresses: string[] = []
      shell.openExternal = async (address: string) => void addresses.push(address)
      return addresses
    })
    expect(opened).toEqual([])
    const page = await app.firstWindow()
    await page.evaluate(() => void window.open('file:///etc/passwd'))
    await page.evaluate(() => void window.open('https://example.org/', '_blank', 'noopener'))
    await page.waitForTimeout(500)
    expect(app.windows()).toHaveLength(1)
    await app.close()
  })
})
