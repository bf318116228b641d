import { expect, test } from 'vitest'
import { plainText, readingOrder } from '../../../native-models/text-reader/reading-order.ts'

function line(text: string, left: number, top: number, width = text.length * 8, height = 16) {
  return { text, box: { left, top, width, height } }
}

const words = (lines: { text: string }[]) => lines.map(({ text }) => text)

test('rows from the top, each from the left, however they come', () => {
  const lines = [line('c', 10, 60), line('b', 100, 11), line('a', 10, 10)]
  expect(words(readingOrder(lines))).toEqual(['a', 'b', 'c'])
})

test('columns of running text are read one after the other, below a title over both', () => {
  const text = 'a line of some thirty letters'
  const column = (name: string, left: number) =>
    Array.from({ length: 5 }, (_, at) => line(`${name}${at} ${text}`, left, 60 + at * 22))
  const lines = [...column('left', 20), ...column('right', 400), line('The title of it all', 20, 10, 500)]
  const read = words(readingOrder([...lines].reverse()))
  expect(read[0]).toBe('The title of it all')
  expect(read.slice(1, 6).every((entry) => entry.startsWith('left'))).toBe(true)
  expect(read.slice(6).every((entry) => entry.startsWith('right'))).toBe(true)
})

test('a table is read row by row', () => {
  const cells = [0, 1, 2, 3].flatMap((row) =>
    ['name', 'size', 'date'].map((cell, at) => line(`${cell}${row}`, at * 150, row * 30)),
  )
  expect(words(readingOrder([...cells].reverse()))).toEqual(words(cells))
  expect(plainText(readingOrder(cells)).split('\n')[1]).toBe('name1  size1  date1')
})

test('a side bar comes before what stands beside it', () => {
  const side = ['Network', 'Sound', 'Display', 'Power'].map((name, at) => line(name, 10, 40 + at * 37))
  const form = ['Show hidden files and folders', 'Remember my choice', 'Keep both files'].map((name, at) =>
    line(name, 220, 48 + at * 51),
  )
  expect(words(readingOrder([...form, ...side]))).toEqual([...words(side), ...words(form)])
})

test('no lines are no text', () => {
  expect(readingOrder([])).toEqual([])
  expect(plainText([])).toBe('')
})

test('10 000 lines are put into order too, as a table and as columns', { timeout: 120_000 }, () => {
  const cells = Array.from({ length: 10_000 }, (_, n) => line(String(n), (n % 5) * 150, Math.floor(n / 5) * 30))
  expect(words(readingOrder([...cells].reverse()))).toEqual(words(cells))
  const text = 'a line of some thirty letters'
  const columns = [0, 400].flatMap((left) =>
    Array.from({ length: 5000 }, (_, n) => line(`${left + n} ${text}`, left, n * 22)),
  )
  expect(words(readingOrder([...columns].reverse()))).toEqual(words(columns))
})
