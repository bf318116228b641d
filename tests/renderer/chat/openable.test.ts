import { expect, it } from 'vitest'
import { isOpenable } from '../../../src-renderer/chat/openable.ts'

it('opens pages and mail, and nothing else', () => {
  const open = ['https://example.org/a?b=c', 'http://example.org', 'mailto:someone@example.org']
  const shut = [
    'javascript:alert(1)',
    'JAVASCRIPT:alert(1)',
    'file:///etc/passwd',
    'data:text/html,x',
    'page.html',
    '//x',
  ]
  expect(open.filter(isOpenable)).toEqual(open)
  expect(shut.filter(isOpenable)).toEqual([])
})
