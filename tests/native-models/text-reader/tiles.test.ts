import { expect, test } from 'vitest'
import { joinAcrossTiles, tiles } from '../../../native-models/text-reader/tiles.ts'

test('tiles cover everything, are no larger than allowed, and overlap', () => {
  const covered = tiles({ left: 5, top: 7, width: 1200, height: 20_000 }, 2560, 1440)
  expect(covered.length).toBeGreaterThan(13)
  let end = 7
  for (const { left, top, width, height } of covered) {
    expect([left, width]).toEqual([5, 1200])
    expect(height).toBeLessThanOrEqual(1440)
    expect(top).toBeLessThanOrEqual(end === 7 ? 7 : end - 64)
    end = top + height
  }
  expect(end).toBe(20_007)
})

test('a small part is one tile', () => {
  const part = { left: 0, top: 0, width: 100, height: 100 }
  expect(tiles(part, 2560, 1440)).toEqual([part])
})

test('a line that two tiles saw is one line', () => {
  const line = { left: 10, top: 1400, width: 300, height: 20 }
  expect(joinAcrossTiles([line, { ...line, top: 1401 }])).toHaveLength(1)
})

test('of a line cut through its height the whole one is kept', () => {
  const whole = { left: 10, top: 1430, width: 300, height: 24 }
  expect(joinAcrossTiles([{ ...whole, height: 10 }, whole])).toEqual([whole])
})

test('pieces of a long line become one', () => {
  const joined = joinAcrossTiles([
    { left: 2000, top: 50, width: 560, height: 20 },
    { left: 2464, top: 51, width: 700, height: 20 },
  ])
  expect(joined).toEqual([{ left: 2000, top: 50, width: 1164, height: 21 }])
})

test('lines below each other stay apart', () => {
  const line = { left: 10, top: 10, width: 300, height: 20 }
  expect(joinAcrossTiles([line, { ...line, top: 28 }])).toHaveLength(2)
})
