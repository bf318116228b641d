import { embeddedModelIsThere } from './served-window.ts'
import { answers, ask, conversation, expect, finished, modelButton, question, test } from './window.ts'

// What happens while an answer is being written: the tiny model would have finished before anyone could look.
test.use({ model: 'owl-mini' })
test.skip(!embeddedModelIsThere, 'the embedded model is not in native-models/owl-mini')

test('a question is answered word by word, and its numbers follow', async ({ page }) => {
  // About a picture, Owl Mini answers in a few words, which may come between two looks.
  const answer = await ask(page, 'Name the days of the week.')
  await expect(answer).toHaveAttribute('aria-busy', 'true')
  await expect(question(page)).toHaveValue('')
  const lengths: number[] = []
  await expect
    .poll(
      async () => {
        lengths.push((await answer.textContent())!.length)
        return answer.getByText('tokens/s').isVisible()
      },
      { timeout: 60_000, intervals: [50] },
    )
    .toBe(true)
  // It came in pieces, not at once.
  expect(new Set(lengths).size).toBeGreaterThan(2)
  await expect(answer).toHaveAttribute('aria-busy', 'false')
  await expect(answer).toContainText(/first token after [\d.]+ s.*context \d+ %.*CPU/)
})

for (const [way, stop] of [
  ['Escape', (page: Parameters<typeof ask>[0]) => page.keyboard.press('Escape')],
  ['the button', (page: Parameters<typeof ask>[0]) => page.getByRole('button', { name: 'Stop' }).click()],
] as const) {
  test(`an answer is stopped by ${way}, and the next question is answered`, async ({ page }) => {
    const answer = await ask(page, 'Tell me a long story.')
    await expect(answer).toHaveAttribute('aria-busy', 'true')
    await stop(page)
    await expect(answer).toHaveAttribute('aria-busy', 'false')
    await expect(answer).toContainText('Stopped.')
    const said = await answer.textContent()
    await page.waitForTimeout(300)
    expect(await answer.textContent()).toBe(said)
    await finished(await ask(page, 'And now?'))
  })
}

test('a screen reader hears an answer while it is being written, in parts', async ({ page }) => {
  // Slowly enough for some pauses, however fast the machine is.
  await page.routeWebSocket(/./, (socket) => {
    const server = socket.connectToServer()
    let before = Promise.resolve()
    server.onMessage((message) => {
      before = before.then(() => new Promise((resolve) => setTimeout(resolve, 150))).then(() => socket.send(message))
    })
  })
  await page.reload()
  await expect(modelButton(page)).toContainText('CPU')
  await page.evaluate(() => {
    const heard: { words: string; isGrowing: boolean }[] = []
    Object.assign(window, { heard })
    const region = document.querySelector('[data-testid=read-aloud]')!
    new MutationObserver(() => {
      const isGrowing = document.querySelector('article[aria-busy=true]') !== null
      heard.push({ words: region.textContent ?? '', isGrowing })
    }).observe(region, { childList: true, characterData: true, subtree: true })
  })
  const answer = await ask(page, 'Write a long story about a fox, in twenty sentences.')
  await finished(answer)
  const heard = await page.evaluate(
    () => (window as unknown as { heard: { words: string; isGrowing: boolean }[] }).heard,
  )
  expect(heard[0]).toEqual({ words: 'Owl is answering', isGrowing: true })
  // Not all of it in one piece when it has ended.
  expect(heard.slice(1).filter(({ isGrowing }) => isGrowing)).not.toEqual([])
  expect(heard.length).toBeLessThan(20)
  const plain = (text: string) => text.replaceAll(/[^\p{L}\p{N}]/gu, '')
  const shown = plain((await answer.locator('[class*=markdown]').textContent())!)
  const parts = heard.slice(1).map(({ words }) => words)
  expect(plain(parts.join(''))).toBe(shown)
})

test('keys go on from the question after an answer was asked for and stopped by the buttons', async ({ page }) => {
  await question(page).fill('Tell me a long story.')
  await page.getByRole('button', { name: 'Ask', exact: true }).press('Enter')
  await expect(answers(page).last()).toHaveAttribute('aria-busy', 'true')
  await expect(question(page)).toBeFocused()
  await page.getByRole('button', { name: 'Stop' }).press('Enter')
  await expect(answers(page).last()).toContainText('Stopped.')
  await expect(question(page)).toBeFocused()
})

test('Escape stops an answer where it is seen, and not from a search', async ({ page }) => {
  const answer = await ask(page, 'Write a long story about a dragon, in twenty sentences.')
  await page.keyboard.press('ControlOrMeta+,')
  await page.getByRole('searchbox').fill('theme')
  await page.keyboard.press('Escape')
  await page.getByRole('combobox').first().focus()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Alt+Digit1')
  await page.getByRole('searchbox', { name: 'Search all chats' }).press('Escape')
  await expect(answer).toHaveAttribute('aria-busy', 'true')
  await question(page).press('Escape')
  await expect(answer).toContainText('Stopped.')
})

test('a new chat starts empty; the one before goes on being answered and comes back', async ({ page }) => {
  await ask(page, 'What is this?')
  await page.keyboard.press('ControlOrMeta+Shift+o')
  await expect(page.getByRole('heading', { name: 'Show me a picture' })).toBeVisible()
  await page.getByRole('button', { name: 'What is this?', exact: true }).first().click()
  await expect(conversation(page).getByText('What is this?')).toBeVisible()
  await finished(answers(page).last())
})

test('all of it by keys alone', async ({ page }) => {
  const press = (...keys: string[]) =>
    keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve())
  const focusedText = () => page.evaluate(() => document.activeElement?.textContent ?? '')
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '')

  // From the question backwards: examples, the file, settings, the model.
  await expect(question(page)).toBeFocused()
  const passed: string[] = []
  for (let step = 0; step < 12 && !passed.at(-1)?.startsWith('Choose a model'); step++) {
    await press('Shift+Tab')
    passed.push(await focused())
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement!).outlineStyle)
    expect(outline, `focus on ${passed.at(-1)} is visible`).not.toBe('none')
  }
  await press('Enter')
  await expect(page.getByRole('menuitemradio', { name: /Owl Mini/ })).toBeFocused()
  await press('Escape')
  expect(await focused()).toMatch(/^Choose a model/)
  // Further back lies the rail: to the settings and back again.
  for (let step = 0; step < 12 && (await focusedText()) !== 'Settings'; step++) await press('Shift+Tab')
  await press('Enter')
  await expect(page.getByRole('combobox', { name: 'Theme' })).toBeVisible()
  for (let step = 0; step < 8 && (await focusedText()) !== 'Chat'; step++) await press('Shift+Tab')
  await press('Enter')
  await expect(question(page)).toBeFocused()

  // A letter goes to the question wherever the focus is; Enter asks, Shift+Enter does not.
  await page.keyboard.type('Two')
  await press('Shift+Enter')
  await page.keyboard.type('lines?')
  await expect(question(page)).toHaveValue('Two\nlines?')
  await press('Enter', 'Escape')
  // Stopped, or ended before the key: that Escape stops is looked at above.
  const answer = page.getByRole('article', { name: 'Owl answered' })
  await expect(answer).toHaveAttribute('aria-busy', 'false')
  await press('ArrowUp')
  await expect(question(page)).toHaveValue('Two\nlines?')
  await press('Escape')
  await expect(question(page)).toHaveValue('')
})
