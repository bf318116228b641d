import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import { root } from './served-window.ts'
import { dropFiles, expect, type Page, test } from './window.ts'

const clip = (name: string, type = 'video/mp4') => ({
  name,
  type,
  bytes: readFileSync(join(root, 'tests/fixtures/videos', name)),
})
const frames = (page: Page) => page.getByRole('list', { name: 'Frames' }).getByRole('listitem')
const answers = (page: Page) => page.getByRole('article', { name: 'Answer about the video' })

async function openVideo(page: Page, name: string, type?: string): Promise<void> {
  await page.getByRole('button', { name: 'Video', exact: true }).click()
  // The view is there.
  await expect(page.getByRole('button', { name: /^(Pick a|Another) video$/ })).toBeVisible()
  await dropFiles(page, [clip(name, type)])
}

async function ask(page: Page, question: string): Promise<void> {
  const before = await answers(page).count()
  await page.getByRole('textbox', { name: 'Your question about the video' }).fill(question)
  await page.getByRole('button', { name: 'Ask', exact: true }).click()
  await expect(answers(page).nth(before)).toContainText('first token', { timeout: 60_000 })
}

test('a dropped video shows its frames, and is asked about; the next question reuses them', async ({ page }) => {
  await openVideo(page, 'h264.mp4')
  await expect(frames(page)).toHaveCount(8)
  await expect(page.getByText('0:04 · 160 × 120 · avc1')).toBeVisible()
  const widths = await frames(page)
    .locator('img')
    .evaluateAll((images) => images.map((image) => (image as HTMLImageElement).naturalWidth))
  expect(widths).toEqual(Array(8).fill(160))
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])

  await ask(page, 'What happens?')
  await expect(page.getByTestId('video-aloud')).toHaveText(
    (await answers(page).first().locator('p').first().textContent())!.trim(),
  )
  await ask(page, 'And then?')
  await expect(answers(page)).toHaveCount(2)

  // What is no video leaves all as it is; another one is asked about first. What is being written outlives the view.
  await page.getByRole('textbox', { name: 'Your question about the video' }).fill('And at')
  await dropFiles(page, [clip('sound.m4a', 'audio/mp4')])
  await expect(page.getByRole('alert')).toContainText('holds no video')
  await dropFiles(page, [clip('text.mp4')])
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
  await expect(answers(page)).toHaveCount(2)
  await page.keyboard.press('Alt+1')
  await page.keyboard.press('Alt+3')
  await expect(page.getByRole('textbox', { name: 'Your question about the video' })).toHaveValue('And at')
  await dropFiles(page, [clip('text.mp4')])
  await page.getByRole('dialog').getByRole('button', { name: 'Open' }).click()
  await expect(page.getByRole('heading', { name: 'text.mp4' })).toBeVisible()
  await expect(answers(page)).toHaveCount(0)
})

test('all of the view can be reached in a small window', async ({ page }) => {
  await page.setViewportSize({ width: 800, height: 600 })
  await openVideo(page, 'h264.mp4')
  await expect(frames(page)).toHaveCount(8)
  await page.getByRole('button', { name: 'Start here' }).click({ timeout: 5000 })
  await expect(page.getByText('Marked: 0:00 to 0:04')).toBeVisible()
  await page.getByRole('button', { name: 'Go to 0:02' }).first().click({ timeout: 5000 })
  await ask(page, 'What happens?')
})

test('frames are chosen by count, by scenes and by hand; a marked stretch and a named time narrow them', async ({
  page,
}) => {
  await openVideo(page, 'h264.mp4')
  await expect(frames(page)).toHaveCount(8)
  const count = page.getByRole('spinbutton', { name: 'How many' })
  await count.press('Backspace')
  await expect(count).toHaveValue('')
  await count.pressSequentially('3')
  await expect(frames(page)).toHaveCount(8)
  await count.press('Enter')
  await expect(frames(page)).toHaveCount(3)
  await page.getByRole('combobox', { name: 'Which frames' }).selectOption('So many a second')
  const perSecond = page.getByRole('spinbutton', { name: 'Frames a second' })
  await perSecond.press('ControlOrMeta+a')
  await perSecond.pressSequentially('0.5')
  await perSecond.press('Enter')
  await expect(frames(page)).toHaveCount(2)
  await perSecond.press('ArrowUp')
  await expect(perSecond).toHaveValue('0.6')
  await page.getByRole('combobox', { name: 'Which frames' }).selectOption('One of each scene')
  await expect(frames(page)).toHaveCount(4)
  await page.getByRole('button', { name: 'Leave out the frame at 0:03' }).click()
  await expect(frames(page)).toHaveCount(3)
  await page.getByRole('button', { name: 'Go to 0:02' }).click()
  await expect
    .poll(() => page.locator('video').evaluate((video) => (video as HTMLVideoElement).currentTime))
    .toBeCloseTo(2.5, 1)
  await page.getByRole('button', { name: 'Start here' }).click()
  await expect(page.getByText('Marked: 0:02 to 0:04')).toBeVisible()
  await expect(frames(page)).toHaveCount(2)
  await page.getByRole('button', { name: 'Whole video' }).click()
  await expect(frames(page)).toHaveCount(4)
  await ask(page, 'What happens at 0:01?')
  await expect(page.getByText('Marked: 0:00 to 0:03')).toBeVisible()
  await page.getByRole('button', { name: 'Leave out the frame at 0:02' }).click()
  await expect(frames(page)).toHaveCount(2)
  await page.getByRole('button', { name: 'Add this frame' }).click()
  await expect(frames(page)).toHaveCount(3)
})

test('the text in the frames is read when it is asked for, once where it stays', async ({ page }) => {
  await openVideo(page, 'text.mp4')
  await expect(frames(page)).toHaveCount(8)
  await page.getByRole('button', { name: 'Read the text in them' }).click()
  const texts = page.getByRole('list', { name: 'Text in the frames' }).getByRole('listitem')
  await expect(texts).toHaveText([/0:00\s*Upload failed\./, /0:02\s*Try again later/], { timeout: 60_000 })
  await texts.nth(1).getByRole('button').click()
  await expect
    .poll(() => page.locator('video').evaluate((video) => (video as HTMLVideoElement).currentTime))
    .toBeGreaterThan(1.9)
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
  // Of other frames nothing is known yet.
  await page.getByRole('spinbutton', { name: 'How many' }).fill('3')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Read the text in them' })).toBeVisible()
})

test('WebM and MKV are read; what is no video, or not decodable, is told', async ({ page }) => {
  await openVideo(page, 'vp9.webm', 'video/webm')
  await expect(frames(page)).toHaveCount(8)
  await openVideo(page, 'mpeg4.mp4')
  await expect(page.getByRole('alert')).toContainText('mp4v')
  await expect(page.getByRole('alert')).toContainText('Convert the video')
  await openVideo(page, 'sound.m4a', 'audio/mp4')
  await expect(page.getByRole('alert')).toContainText('holds no video')
  await openVideo(page, 'av1.mkv', 'video/x-matroska')
  await expect(frames(page)).toHaveCount(8)
})
