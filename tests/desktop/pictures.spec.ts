import { dropFiles, expect, pickFiles, pictureFile, picturePath, question, test, tray, trayPictures } from './window.ts'

const names = (page: Parameters<typeof trayPictures>[0]) =>
  trayPictures(page).evaluateAll((buttons) => buttons.map((button) => button.getAttribute('title')))

test('a dropped picture is shown, and so are several', async ({ page }) => {
  await dropFiles(page, [pictureFile('landscape')])
  await expect(trayPictures(page)).toHaveCount(1)
  await dropFiles(page, [pictureFile('portrait'), pictureFile('grey')])
  await expect(trayPictures(page)).toHaveCount(3)
  await expect.poll(() => names(page)).toEqual(['landscape.png', 'portrait.png', 'grey.png'])
  const widths = () =>
    trayPictures(page)
      .locator('img')
      .evaluateAll((images) => images.map((image) => (image as HTMLImageElement).naturalWidth))
  await expect.poll(async () => Math.min(...(await widths()))).toBeGreaterThan(0)
  await expect(question(page)).toBeFocused()
})

test('the veil appears while files are dragged over and goes with them', async ({ page }) => {
  const drag = (type: string) =>
    page.evaluate((type) => {
      const dataTransfer = new DataTransfer()
      dataTransfer.items.add(new File(['x'], 'a.png', { type: 'image/png' }))
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }))
    }, type)
  await drag('dragover')
  await expect(page.getByText('Drop pictures here')).toBeVisible()
  await drag('dragleave')
  await expect(page.getByText('Drop pictures here')).toBeHidden()
})

test('a pasted picture is taken, pasted text stays text', async ({ page }) => {
  const base64 = pictureFile('small').bytes.toString('base64')
  await page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
    const png = new Blob([bytes], { type: 'image/png' })
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': png })])
  }, base64)
  await question(page).press('ControlOrMeta+v')
  await expect(trayPictures(page)).toHaveCount(1)
  await expect.poll(() => names(page)).toEqual(['pasted picture.png'])

  await page.evaluate(() => navigator.clipboard.writeText('two\nlines'))
  await question(page).press('ControlOrMeta+v')
  await expect(question(page)).toHaveValue('two\nlines')
  await expect(trayPictures(page)).toHaveCount(1)
})

test('text with a picture of itself, as office programs copy it, is pasted as text', async ({ page }) => {
  await question(page).focus()
  await page.evaluate(() => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', 'A1\tB1')
    clipboardData.items.add(new File(['x'], 'image.png', { type: 'image/png' }))
    const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true })
    document.activeElement?.dispatchEvent(event)
  })
  await expect(tray(page)).toBeHidden()
  await expect(page.getByRole('alert')).toBeHidden()
})

test('pictures are picked, put in order by keys and by buttons, and removed', async ({ page }) => {
  await pickFiles(page, ['landscape', 'portrait', 'grey'].map(picturePath))
  await expect(trayPictures(page)).toHaveCount(3)
  await trayPictures(page).nth(2).focus()
  await page.keyboard.press('Alt+ArrowLeft')
  await expect.poll(() => names(page)).toEqual(['landscape.png', 'grey.png', 'portrait.png'])
  await page.getByRole('button', { name: 'Move landscape.png to the right' }).click()
  await expect.poll(() => names(page)).toEqual(['grey.png', 'landscape.png', 'portrait.png'])
  await trayPictures(page).nth(1).focus()
  await page.keyboard.press('Delete')
  await expect.poll(() => names(page)).toEqual(['grey.png', 'portrait.png'])
  await page.getByRole('button', { name: 'Remove grey.png' }).click()
  await expect.poll(() => names(page)).toEqual(['portrait.png'])
})

test('pictures are put in order by dragging', async ({ page }) => {
  await pickFiles(page, ['landscape', 'portrait'].map(picturePath))
  await expect(trayPictures(page)).toHaveCount(2)
  await trayPictures(page).nth(1).dragTo(trayPictures(page).nth(0))
  await expect.poll(() => names(page)).toEqual(['portrait.png', 'landscape.png'])
  await expect(page.getByText('Drop pictures here')).toBeHidden()
})

test('what is no picture is refused with a reason and a hint, and the rest stays', async ({ page }) => {
  const { bytes } = pictureFile('landscape')
  await dropFiles(page, [
    pictureFile('grey'),
    { name: 'empty.png', type: 'image/png', bytes: Buffer.alloc(0) },
    { name: 'cut.png', type: 'image/png', bytes: bytes.subarray(0, 20) },
    { name: 'notes.txt', type: 'text/plain', bytes: Buffer.from('no picture at all') },
  ])
  const alerts = page.getByRole('alert')
  await expect(alerts).toHaveCount(3)
  await expect(alerts.filter({ hasText: 'empty.png could not be added' })).toContainText(
    'Save or export the picture again',
  )
  await expect(alerts.filter({ hasText: 'cut.png could not be added' })).toContainText(/PNG or JPEG/)
  await expect(alerts.filter({ hasText: 'notes.txt could not be added' })).toContainText(
    /Convert the picture|PNG or JPEG/,
  )
  await expect.poll(() => names(page)).toEqual(['grey.png'])
  await page.getByRole('button', { name: 'Remove empty.png' }).click()
  await expect(alerts).toHaveCount(2)
})

test('a picture is shown large, zoomed by keys, and the next one by an arrow', async ({ page }) => {
  await pickFiles(page, ['landscape', 'portrait'].map(picturePath))
  await trayPictures(page).first().click()
  const viewer = page.getByRole('dialog')
  await expect(viewer).toContainText('landscape.png')
  const width = () => viewer.getByRole('img').evaluate((image) => image.getBoundingClientRect().width)
  const fitted = await width()
  await page.keyboard.press('+')
  expect(await width()).toBeGreaterThan(fitted * 1.3)
  await page.keyboard.press('0')
  expect(await width()).toBe(fitted)
  await viewer.getByRole('img').hover()
  await page.mouse.wheel(0, -100)
  await expect.poll(width).toBeGreaterThan(fitted * 1.3)
  await page.keyboard.press('0')
  await page.keyboard.press('ArrowRight')
  await expect(viewer).toContainText('portrait.png')
  await page.keyboard.press('Escape')
  await expect(viewer).toBeHidden()
  await expect(trayPictures(page).first()).toBeFocused()
})
