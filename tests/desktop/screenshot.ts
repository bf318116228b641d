import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { type Browser, chromium } from '@playwright/test'
import { serveWindow } from './served-window.ts'
import { ask, dropFiles, finished, modelButton } from './window.ts'

/**
 * Takes the README's picture of the window: the embedded model, a screenshot dropped, a question answered.
 *
 *   npx tsx tests/desktop/screenshot.ts OUT.png [--dark] [--picture FILE] [--question "..."]
 */
const [out, ...options] = process.argv.slice(2)
if (!out || out.startsWith('--')) {
  console.error('Usage: npx tsx tests/desktop/screenshot.ts OUT.png [--dark] [--picture FILE] [--question "..."]')
  process.exit(1)
}
const option = (name: string) => {
  const at = options.indexOf(name)
  return at < 0 ? undefined : options[at + 1]
}

const dataFolder = mkdtempSync(join(tmpdir(), 'owl-screenshot-'))
const served = await serveWindow({ dataFolder })
const browser = await chromium.launch({
  executablePath: process.env.OWL_BROWSER ?? '/usr/bin/chromium',
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
})
try {
  const page = await browser.newPage({
    viewport: { width: 1280, height: 800 },
    deviceScaleFactor: 2,
    locale: 'en-US',
    colorScheme: options.includes('--dark') ? 'dark' : 'light',
  })
  const picture = option('--picture')
  const file = picture
    ? { name: basename(picture), bytes: readFileSync(picture) }
    : { name: 'Screenshot.png', bytes: await dialogScreenshot(browser) }
  await page.goto(served.address)
  await modelButton(page)
    .getByText(/^(CPU|GPU)$/)
    .waitFor({ timeout: 120_000 })
  await dropFiles(page, [{ ...file, type: 'image/png' }])
  // A person takes a moment to type; the text of the picture is read meanwhile.
  await page.waitForTimeout(5000)
  await finished(await ask(page, option('--question') ?? 'What does this window ask me?'))
  await page.screenshot({ path: out })
  console.log(`Wrote ${out}`)
} finally {
  await browser.close()
  await served.stop()
  rmSync(dataFolder, { recursive: true, force: true })
}

/** A screenshot of a dialog as a desktop shows it. */
async function dialogScreenshot(browser: Browser): Promise<Buffer> {
  const page = await browser.newPage({ viewport: { width: 640, height: 360 } })
  await page.setContent(`<!doctype html>
    <style>
      body { margin: 0; height: 100vh; display: grid; place-content: center; font: 15px sans-serif;
             background: linear-gradient(160deg, #35678f, #1d3f5e) }
      main { width: 460px; border-radius: 10px; overflow: hidden; background: #f6f6f6; box-shadow: 0 12px 40px #0008 }
      h1 { margin: 0; padding: 10px 16px; font-size: 15px; background: #e2e2e2 }
      p { margin: 20px 16px; display: flex; gap: 14px; align-items: center }
      i { font-size: 34px; font-style: normal; color: #d99a00 }
      div { display: flex; justify-content: flex-end; gap: 8px; padding: 12px 16px }
      button { font: inherit; padding: 6px 16px; border: 1px solid #b5b5b5; border-radius: 6px; background: #fff }
      button:last-child { background: #2a6fdb; border-color: #2a6fdb; color: #fff }
    </style>
    <main>
      <h1>Save changes?</h1>
      <p><i>⚠</i><span>The document <b>report.odt</b> has been changed.<br>Do you want to save your changes?</span></p>
      <div><button>Discard</button><button>Cancel</button><button>Save</button></div>
    </main>`)
  const bytes = await page.screenshot()
  await page.close()
  return bytes
}
