import { describe, expect, it } from 'vitest'
import { spokenPart } from '../../../src-renderer/chat/spoken-part.ts'

describe('spokenPart', () => {
  it('gives whole sentences while the answer grows', () => {
    expect(spokenPart('It is a dialog. It asks', 0, true)).toBe('It is a dialog. ')
    expect(spokenPart('One. Two! Three? Four', 4, true)).toBe(' Two! Three? ')
    expect(spokenPart('It has 3.5 mill', 0, true)).toBe('')
    expect(spokenPart('这是一个对话框。它在问', 0, true)).toBe('这是一个对话框。')
  })

  it('gives the rest at the end, once', () => {
    expect(spokenPart('It is a dialog. It asks', 15, false)).toBe(' It asks')
    expect(spokenPart('Done.', 5, false)).toBe('')
  })
})
