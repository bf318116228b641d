import { expect, test } from 'vitest'
import { withMissingSpaces } from '../../../native-models/text-reader/missing-spaces.ts'

/** A line of letters 8 pixels wide with 1 blank between, and 6 more blank where `written` has a space. */
function line(written: string, read: string) {
  const places: number[] = []
  const gaps: { from: number; to: number }[] = []
  let x = 0
  for (const character of written) {
    if (character === ' ') {
      gaps.at(-1)!.to += 6
      x += 6
      if (read.includes(' ') && read.length === written.length) places.push(x - 3)
      continue
    }
    places.push(x + 4)
    x += 8
    gaps.push({ from: x, to: x + 1 })
    x += 1
  }
  return {
    line: { text: read, confidence: 1, places: places.map((place) => place / x) },
    gaps,
    size: { length: x, height: 20 },
  }
}

test.each([
  ['Coffee 25%', 'Coffee25%', 'Coffee 25%'],
  ['Garden more close', 'Gardenmoreclose', 'Garden more close'],
  ['Garden more close', 'Garden more close', 'Garden more close'],
  ['Unbroken', 'Unbroken', 'Unbroken'],
])('%s read as %s becomes %s', (written, read, expected) => {
  const { line: found, gaps, size } = line(written, read)
  expect(withMissingSpaces(found, gaps, size)).toBe(expected)
})

test('Chinese has no spaces', () => {
  const { line: found, gaps, size } = line('打开 保存', '打开保存')
  expect(withMissingSpaces(found, gaps, size)).toBe('打开保存')
})
