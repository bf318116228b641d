import { keepChat } from './kept-chat.ts'
import { expect, test } from './window.ts'

const answer = [
  'The mean is $\\bar x$ and it costs $5 to $10.',
  '\\[ \\int_0^1 x^2\\,dx = \\frac{1}{3} \\]',
  '```python\ndef ask(n: int = 3):\n    return f"{n}"  # the window\n```',
].join('\n\n')

test('formulas and code are shown as such, with their own fonts and colours, under the strict policy', async ({
  page,
  dataFolder,
}) => {
  const chatId = await keepChat(dataFolder, ['What is on it?', answer])
  await page.evaluate((chatId) => {
    addEventListener('pagehide', () =>
      sessionStorage.setItem('owl.session', JSON.stringify({ chatId, draft: { text: '', pictures: [] } })),
    )
  }, chatId)
  await page.reload()
  await expect(page.locator('.katex-display')).toBeVisible()
  await expect(page.locator('.katex')).toHaveCount(2)
  await expect(page.getByText('it costs $5 to $10.')).toBeVisible()
  const fonts = await page.evaluate(async () => {
    await document.fonts.ready
    return [...document.fonts].filter(({ status }) => status === 'loaded').map(({ family }) => family)
  })
  expect(fonts.join()).toContain('KaTeX_Main')

  const keyword = page.locator('pre .hljs-keyword').first()
  await expect(keyword).toHaveText('def')
  const colours = await page.evaluate(() =>
    ['.hljs-keyword', '.hljs-comment', 'pre'].map((part) => getComputedStyle(document.querySelector(part)!).color),
  )
  expect(new Set(colours).size).toBe(3)
  await expect(page.getByText('python')).toBeVisible()
  await page.getByRole('button', { name: 'Copy the code' }).click()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('def ask(n: int = 3):\n    return f"{n}"')
})
