import { describe, expect, it } from 'vitest'
import { PromptLookup } from '../../../src-main/inference/prompt-lookup.ts'

describe('PromptLookup', () => {
  it('guesses what followed the same two tokens last time', () => {
    const rows = [1, 2, 8, 8, 5, 1, 2, 3, 4, 9, 1]
    expect(new PromptLookup().guess(rows, 2, 100)).toEqual([3, 4])
  })

  it('guesses nothing where only one token is the same', () => {
    expect(new PromptLookup().guess([7, 2, 3, 4, 1], 2, 100)).toEqual([])
    expect(new PromptLookup().guess([], 2, 100)).toEqual([])
    expect(new PromptLookup().guess([2], 2, 100)).toEqual([])
  })

  it('guesses no more than there is room for', () => {
    const rows = [1, 2, 3, 4, 1]
    expect(new PromptLookup().guess(rows, 2, 1)).toEqual([3])
    expect(new PromptLookup().guess(rows, 2, 0)).toEqual([])
    expect(new PromptLookup().guess(rows, 2, -1)).toEqual([])
  })

  it('never guesses rows of a picture', () => {
    expect(new PromptLookup().guess([1, 2, -1, -1, 1], 2, 100)).toEqual([])
    expect(new PromptLookup().guess([1, 2, 3, -1, 1], 2, 100)).toEqual([3])
  })

  it('pauses after guesses that were all wrong', () => {
    const lookup = new PromptLookup()
    const guess = () => lookup.guess([1, 2, 3, 4, 1], 2, 100).length
    lookup.learn(2, 1)
    expect(guess()).toBe(2)
    lookup.learn(2, 0)
    expect([guess(), guess(), guess(), guess(), guess()]).toEqual([0, 0, 0, 0, 2])
  })
})
