import { describe, expect, it } from 'vitest'
import { isOutsideLink } from '../../../src-main/desktop/outside-link.ts'

describe('isOutsideLink', () => {
  it.each(['https://example.org/', 'HTTP://example.org', 'mailto:owl@example.org'])('lets %s out', (url) => {
    expect(isOutsideLink(url)).toBe(true)
  })

  it.each(['file:///etc/passwd', 'javascript:alert(1)', 'ms-settings:', 'owl://app/', '/relative', '', 'smb://host/x'])(
    'keeps %j in',
    (url) => {
      expect(isOutsideLink(url)).toBe(false)
    },
  )
})
