import { describe, expect, it } from 'vitest'
import { numberBetween } from '../../../src-main/cli/option-values.ts'

describe('numberBetween', () => {
  it('takes numbers within its bounds', () => {
    expect(numberBetween(0, 5)('0.7')).toBe(0.7)
    expect(numberBetween(0, 5)('5')).toBe(5)
    expect(numberBetween(1, 10, 'integer')('10')).toBe(10)
  })

  it.each(['-1', '6', 'hot', '', ' ', 'NaN', 'Infinity', '1,5', '0x'])('refuses %j', (text) => {
    expect(() => numberBetween(0, 5)(text)).toThrow('It must be a number from 0 to 5.')
  })

  it('refuses what is not whole where that is asked for', () => {
    expect(() => numberBetween(0, Number.MAX_SAFE_INTEGER, 'integer')('1.5')).toThrow('a whole number of at least 0')
    expect(() => numberBetween(0, Number.MAX_SAFE_INTEGER, 'integer')('1e300')).toThrow('a whole number')
  })
})
