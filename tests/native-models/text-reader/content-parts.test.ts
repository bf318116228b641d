import { expect, test } from 'vitest'
import { contentParts } from '../../../native-models/text-reader/content-parts.ts'

/** A white picture; `draw` sets pixels to black. */
function picture(width: number, height: number, draw: (set: (x: number, y: number) => void) => void = () => {}) {
  const rgb = new Uint8Array(width * height * 3).fill(255)
  draw((x, y) => rgb.fill(0, (y * width + x) * 3, (y * width + x) * 3 + 3))
  return { rgb, width, height }
}

function square(set: (x: number, y: number) => void, left: number, top: number) {
  for (let y = top; y < top + 5; y++) for (let x = left; x < left + 5; x++) set(x, y)
}

test('a flat picture has no parts', () => {
  expect(contentParts(picture(400, 300))).toEqual([])
})

test('straight borders are no content', () => {
  const framed = picture(400, 300, (set) => {
    for (let x = 0; x < 400; x++) set(x, 150)
    for (let y = 0; y < 300; y++) set(200, y)
  })
  // Only where the two cross is there a corner.
  for (const { width, height } of contentParts(framed)) expect(width * height).toBeLessThan(400 * 300 * 0.05)
})

test('what lies apart becomes parts of its own, each with what is written in it', () => {
  const parts = contentParts(
    picture(800, 600, (set) => {
      for (const [x, y] of [
        [40, 40],
        [60, 40],
        [700, 40],
        [400, 500],
      ] as const) {
        square(set, x, y)
        square(set, x + 7, y + 3)
      }
    }),
  )
  expect(parts).toHaveLength(3)
  for (const [x, y] of [
    [40, 40],
    [67, 43],
    [700, 40],
    [400, 500],
  ] as const) {
    const holding = parts.filter(
      (part) => x >= part.left && x < part.left + part.width && y >= part.top && y < part.top + part.height,
    )
    expect(holding).toHaveLength(1)
  }
})
