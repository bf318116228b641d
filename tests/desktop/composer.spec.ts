import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  answers,
  ask,
  dropFiles,
  expect,
  finished,
  type Page,
  pickFiles,
  pictureFile,
  picturePath,
  question,
  test,
  tray,
  trayPictures,
} from './window.ts'

/** The browser shows a test screen of its own where a person would choose one. */
test.use({
  launchOptions: {
    executablePath: process.env.OWL_BROWSER ?? '/usr/bin/chromium',
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
    ],
  },
})

/** Drops what the system drags: real files and folders. */
async function dropPaths(page: Page, paths: string[]): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const data = { items: [], files: paths, dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x: 640, y: 300, data })
  }
}

async function dropHtml(page: Page, html: string, text = ''): Promise<void> {
  await page.evaluate(
    ([html, text]) => {
      const dataTransfer = new DataTransfer()
      dataTransfer.setData('text/html', html!)
      if (text) dataTransfer.setData('text/plain', text)
      for (const type of ['dragenter', 'dragover', 'drop']) {
        document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }))
      }
    },
    [html, text],
  )
}

const size = (page: Page, name: string) =>
  page
    .getByRole('button', { name: `Show ${name} large` })
    .locator('img')
    .evaluate((image: HTMLImageElement) => [image.width && image.naturalWidth, image.naturalHeight])

test('a dropped folder gives its pictures, also those of folders in it, in order', async ({ page }, { outputDir }) => {
  mkdirSync(join(outputDir, 'shots', 'more'), { recursive: true })
  for (const name of ['10.png', '9.png', 'more/1.png']) {
    writeFileSync(join(outputDir, 'shots', name), pictureFile('small').bytes)
  }
  writeFileSync(join(outputDir, 'shots', 'notes.txt'), 'no picture')
  await dropPaths(page, [join(outputDir, 'shots'), picturePath('grey')])
  await expect(trayPictures(page)).toHaveCount(4)
  const titles = await trayPictures(page).evaluateAll((buttons) =>
    buttons.map((button) => button.getAttribute('title')),
  )
  expect(titles).toEqual(['9.png', '10.png', '1.png', 'grey.png'])
  mkdirSync(join(outputDir, 'empty'))
  await dropPaths(page, [join(outputDir, 'empty')])
  await expect(page.getByRole('alert')).toContainText('holds no pictures')
})

test('a picture dragged from a page is taken where its bytes come along, and never loaded', async ({ page }) => {
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  const base64 = pictureFile('small').bytes.toString('base64')
  await dropHtml(page, `<a href="https://example.org"><img src="data:image/png;base64,${base64}"></a>`)
  await expect(trayPictures(page)).toHaveCount(1)
  await dropHtml(page, '<img src="https://example.org/chart.png">')
  await expect(page.getByRole('alert')).toContainText('https://example.org/chart.png')
  await expect(page.getByRole('alert')).toContainText('loads nothing from the web')
  expect(asked.filter((address) => address.includes('example.org'))).toEqual([])
  await dropHtml(page, '<b>some words</b>', 'some words')
  await expect(question(page)).toHaveValue('some words')
})

test('a picture beside pasted text is offered, and the text is pasted', async ({ page }) => {
  await question(page).focus()
  const base64 = pictureFile('small').bytes.toString('base64')
  await page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
    const item = new ClipboardItem({
      'image/png': new Blob([bytes], { type: 'image/png' }),
      'text/plain': new Blob(['A1'], { type: 'text/plain' }),
    })
    await navigator.clipboard.write([item])
  }, base64)
  await question(page).press('ControlOrMeta+v')
  await expect(question(page)).toHaveValue('A1')
  await expect(tray(page)).toBeHidden()
  await page.getByRole('button', { name: 'Add the picture, too' }).click()
  await expect(trayPictures(page)).toHaveCount(1)
  await expect(question(page)).toHaveValue('A1')
})

test('a picture is turned and cut by keys before it is sent, and can be whole again', async ({ page }) => {
  await pickFiles(page, [picturePath('landscape')])
  await expect(trayPictures(page)).toHaveCount(1)
  const [width, height] = await size(page, 'landscape.png')
  await trayPictures(page).first().focus()
  await page.keyboard.press('c')
  const editor = page.getByRole('dialog', { name: 'Cut and turn' })
  await expect(editor.locator('output')).toHaveText(`${width} × ${height}`)
  await page.keyboard.press('r')
  await expect(editor.locator('output')).toHaveText(`${height} × ${width}`)
  const part = editor.getByRole('group')
  await part.focus()
  for (let step = 0; step < 5; step++) await page.keyboard.press('Alt+Shift+ArrowLeft')
  await expect(part).toHaveAccessibleName(new RegExp(`${height! - 5} × ${width} pixels, 0 from the left`))
  await page.keyboard.press('Alt+ArrowRight')
  await page.keyboard.press('Enter')
  await expect(editor).toBeHidden()
  await expect.poll(() => size(page, 'landscape.png').catch(() => [])).toEqual([height! - 5, width])

  await trayPictures(page).hover()
  await page.getByRole('button', { name: 'Cut or turn landscape.png' }).click()
  await expect(part).toHaveAccessibleName(/1 from the left/)
  await editor.getByRole('button', { name: 'Whole picture' }).click()
  await editor.getByRole('button', { name: 'Apply' }).click()
  await expect.poll(() => size(page, 'landscape.png').catch(() => [])).toEqual([width, height])
})

test('a part of the screen comes by the browser’s own picker, and the last question is offered again', async ({
  page,
}) => {
  await finished(await ask(page, 'What is on it?'))
  await page.getByRole('button', { name: 'Take a picture of the screen' }).click()
  const editor = page.getByRole('dialog', { name: 'Choose a part of the screen' })
  await expect(editor).toBeVisible()
  const box = (await editor.getByRole('group').boundingBox())!
  await page.mouse.move(box.x + 100, box.y + 80)
  await page.mouse.down()
  await page.mouse.move(box.x + 400, box.y + 280, { steps: 4 })
  await page.mouse.up()
  const [width, height] = (await editor.locator('output').textContent())!.split(' × ').map(Number)
  expect(width! / height!).toBeCloseTo(1.5, 1)
  await editor.getByRole('button', { name: 'Use this' }).click()
  await expect(trayPictures(page)).toHaveCount(1)
  const name = await trayPictures(page).getAttribute('title')
  expect(name).toMatch(/^Screen .*\.png$/)
  expect(await size(page, name!)).toEqual([width, height])
  await page.getByRole('button', { name: 'Ask again: “What is on it?”' }).click()
  await expect(answers(page)).toHaveCount(2)
  await expect(tray(page)).toBeHidden()
})

test('more pictures than the context holds are not sent, and the reason is shown', async ({ page }) => {
  const files = Array.from({ length: 12 }, (_, index) => ({ ...pictureFile('small'), name: `${index}.png` }))
  await dropFiles(page, files)
  await expect(trayPictures(page)).toHaveCount(12)
  await question(page).fill('word '.repeat(7000))
  const alert = page.getByRole('alert')
  await expect(alert).toContainText(/12 pictures and the text take about .* rows; the model holds/)
  await expect(page.getByRole('button', { name: 'Ask', exact: true })).toBeDisabled()
  await question(page).press('Enter')
  await expect(answers(page)).toHaveCount(0)
  await question(page).fill('What?')
  await expect(alert).toBeHidden()
})
