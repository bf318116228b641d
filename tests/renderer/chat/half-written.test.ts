import { describe, expect, it } from 'vitest'
import { completeMarkdown } from '../../../src-renderer/chat/half-written.ts'

describe('completeMarkdown', () => {
  it('closes what is open at the end', () => {
    expect(completeMarkdown('It is **very')).toBe('It is **very**')
    expect(completeMarkdown('Press `Sav')).toBe('Press `Sav`')
  })

  it('holds a table back until its second line is complete', () => {
    expect(completeMarkdown('Look:\n\n| A | B')).toBe('Look:\n')
    expect(completeMarkdown('Look:\n\n| A | B |\n| -')).toBe('Look:\n')
    expect(completeMarkdown('Look:\n\n| A | B |\n| - | :-: |')).toBe('Look:\n\n| A | B |\n| - | :-: |')
    expect(completeMarkdown('Look:\n\n| A | B |\n| - | - |\n| x')).toContain('| x')
  })

  it('leaves complete text as it is', () => {
    const text = 'One *two*.\n\n1. three\n2. [four](https://example.org)'
    expect(completeMarkdown(text)).toBe(text)
  })
})
