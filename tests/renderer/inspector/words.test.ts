import { expect, it } from 'vitest'
import { wordsOf } from '../../../src-renderer/inspector/words.ts'

it('finds words with the characters they have in the text', () => {
  const text = 'The "Save" button, twice.'
  const words = wordsOf(text, 'en')
  expect(words.map(({ text }) => text)).toEqual(['The', 'Save', 'button', 'twice'])
  for (const { text: word, from, to } of words) expect(text.slice(from, to)).toBe(word)
  expect(words.map(({ text, after }) => text + after).join('')).toBe(text)
})

it('finds words where there are no spaces', () => {
  const text = '按钮是蓝色的。'
  const words = wordsOf(text, 'zh')
  expect(words.length).toBeGreaterThan(2)
  expect(words.map(({ text, after }) => text + after).join('')).toBe(text)
})

it('loses nothing of what is no word', () => {
  expect(wordsOf('…', 'en')).toEqual([{ text: '…', from: 0, to: 1, after: '' }])
  expect(wordsOf('"Yes"', 'en')).toEqual([{ text: '"Yes', from: 0, to: 4, after: '"' }])
  expect(wordsOf('', 'en')).toEqual([])
})
