import { describe, expect, it } from 'vitest'
import { isExactMatch, namesOne, normaliseAnswer } from '../../../src-main/core/answer-normalisation.ts'

describe('normaliseAnswer', () => {
  it.each([
    ['Yes.', 'yes'],
    ['  The OK button ', 'ok button'],
    ['Two', '2'],
    ['none', '0'],
    ['3.5', '3.5'],
    ['1,234', '1234'],
    ['a, b', 'b'],
    ["don't", 'dont'],
    ['Save-As…', 'save as'],
    ['“Cancel”', 'cancel'],
    ['red/green', 'red green'],
    ['another theory', 'another theory'],
    ['', ''],
  ])('%j becomes %j', (answer, normal) => {
    expect(normaliseAnswer(answer)).toBe(normal)
  })
})

describe('isExactMatch', () => {
  it('takes any of the accepted answers', () => {
    expect(isExactMatch('A dark one.', ['light', 'dark one'])).toBe(true)
    expect(isExactMatch('darker', ['dark'])).toBe(false)
  })
})

describe('namesOne', () => {
  it('finds an accepted answer in whole words', () => {
    expect(namesOne('The result is Twenty-Four.', ['24', 'twenty four'])).toBe(true)
    expect(namesOne('It is 240.', ['24'])).toBe(false)
    expect(namesOne('', ['24'])).toBe(false)
  })
})
