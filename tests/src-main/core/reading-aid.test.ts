import { describe, expect, it } from 'vitest'
import { withReadingAid } from '../../../src-main/core/reading-aid.ts'

describe('withReadingAid', () => {
  it('puts the lines before the question', () => {
    expect(withReadingAid('Which button?', ['Save', 'Cancel'])).toBe(
      'Text in the picture:\nSave\nCancel\nWhich button?',
    )
  })

  it('is the question alone without lines', () => {
    expect(withReadingAid('Which button?', [])).toBe('Which button?')
    expect(withReadingAid('Which button?', ['x'.repeat(1000)])).toBe('Which button?')
  })

  it('keeps whole lines from the first on, and none after one that does not fit', () => {
    const aided = withReadingAid('Q?', ['first', 'x'.repeat(300), 'last'])
    expect(aided).toBe('Text in the picture:\nfirst\nQ?')
  })
})
