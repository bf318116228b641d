import { keepChat } from './kept-chat.ts'
import { expect, test } from './window.ts'

/** An answer as it is kept, written by a hostile model. */
const hostile = [
  '<script>document.title = "run"</script><img src="https://example.org/a.png" onerror="document.title = \'run\'">',
  '',
  '![secret](https://example.org/track.png) [the manual](https://example.org/manual?x=1) [run](javascript:document.title="run")',
].join('\n')

test.beforeEach(async ({ page, dataFolder }) => {
  const chatId = await keepChat(dataFolder, ['What is this?', hostile])
  await page.evaluate((chatId) => {
    addEventListener('pagehide', () =>
      sessionStorage.setItem('owl.session', JSON.stringify({ chatId, draft: { text: '', pictures: [] } })),
    )
  }, chatId)
})

test('nothing of an answer is run or loaded', async ({ page }) => {
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  await page.reload()
  await expect(page.getByText('the manual')).toBeVisible()
  await page.waitForTimeout(300)
  expect(await page.title()).toBe('Owl')
  expect(asked.filter((address) => address.includes('example.org'))).toEqual([])
})

test('a link is shown in full and opened only when the person says so', async ({ page, context }) => {
  await context.route('https://example.org/**', (route) => route.fulfill({ body: 'the manual' }))
  await page.reload()
  const link = page.getByRole('button', { name: /the manual/ })
  await expect(link).toContainText('https://example.org/manual?x=1')
  await link.click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('https://example.org/manual?x=1')
  await page.keyboard.press('Enter')
  await expect(dialog).toBeHidden()
  expect(context.pages()).toHaveLength(1)

  await link.click()
  const opened = context.waitForEvent('page')
  await dialog.getByRole('link', { name: 'Open in the browser' }).click()
  const page2 = await opened
  await page2.waitForLoadState()
  expect(page2.url()).toBe('https://example.org/manual?x=1')
  expect(await page2.evaluate(() => [window.opener, document.referrer])).toEqual([null, ''])
})

test('an address that is no page cannot be opened at all', async ({ page }) => {
  await page.reload()
  await page.getByRole('button', { name: /^run/ }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('not opened')
  await expect(dialog.getByRole('link')).toHaveCount(0)
})

test.describe('the content security policy', () => {
  test.use({ expectedInConsole: /Content Security Policy|Refused|violates/ })

  test('stops scripts, styles and connections that are not of the window', async ({ page }) => {
    const stopped = await page.evaluate(async () => {
      const directives: string[] = []
      addEventListener('securitypolicyviolation', ({ effectiveDirective }) => directives.push(effectiveDirective))
      const script = document.createElement('script')
      script.textContent = 'document.title = "run"'
      const style = document.createElement('style')
      style.textContent = 'body { display: none }'
      document.head.append(script, style)
      const image = new Image()
      image.src = 'https://example.org/track.png'
      await fetch('https://example.org/').catch(() => {})
      await new Promise((resolve) => setTimeout(resolve, 200))
      return directives.sort()
    })
    expect(stopped).toEqual(['connect-src', 'img-src', 'script-src-elem', 'style-src-elem'])
    expect(await page.title()).toBe('Owl')
  })
})
