import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { createOwlStore, StoreContext } from '../../../src-renderer/app/store.ts'
import Markdown from '../../../src-renderer/chat/markdown.tsx'
import { memoryShell } from '../memory-shell.ts'

function render(text: string, growing = false): string {
  const store = createOwlStore(memoryShell().shell)
  const markdown = createElement(Markdown, { text, growing })
  return renderToStaticMarkup(createElement(StoreContext, { value: store }, markdown))
}

describe('Markdown of an answer', () => {
  it('is shown with its structure', () => {
    const html = render('**Bold**, `code`\n\n| A |\n| - |\n| b |\n\n- [x] done')
    for (const part of ['<strong>Bold</strong>', '<code>code</code>', '<td>b</td>', 'type="checkbox"']) {
      expect(html).toContain(part)
    }
  })

  it('never becomes HTML of its own', () => {
    const html = render('<script>alert(1)</script> <img src=x onerror=alert(1)> <b>bold</b>')
    expect(html).not.toMatch(/<(script|img|b)[ >]/)
    expect(html).toContain('&lt;b&gt;')
  })

  it('loads no pictures', () => {
    const html = render('![secret](https://example.org/track.png?q=secret)')
    expect(html).not.toContain('<img')
    expect(html).not.toContain('src=')
    expect(html).toContain('secret')
  })

  it('has links that lead nowhere by themselves and show their address', () => {
    const html = render('[the manual](https://example.org/manual) and [bad](javascript:alert(1))')
    expect(html).not.toContain('href')
    expect(html).toContain('https://example.org/manual')
    expect(html.match(/<button/g)).toHaveLength(2)
  })

  it('shows half a link as its words', () => {
    const html = render('See [the man', true)
    expect(html).toContain('the man')
    expect(html).not.toContain('streamdown')
    expect(html).not.toContain('<button')
  })
})
