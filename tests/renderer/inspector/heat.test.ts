import { expect, it } from 'vitest'
import { heatPixels, patchAttention, placeOnSquare, visualShare } from '../../../src-renderer/inspector/heat.ts'

const heat = [
  [0.1, 0.3, 0, 0],
  [0.3, 0.1, 0, 0.4],
]

it('takes a layer, or the mean of all', () => {
  expect(patchAttention({ heat }, 1)).toEqual(heat[1])
  for (const [patch, value] of [0.2, 0.2, 0, 0.2].entries()) {
    expect(patchAttention({ heat }, 'mean')[patch]).toBeCloseTo(value)
  }
  expect(visualShare({ layers: [{ visual: 0.2 }, { visual: 0.6 }] }, 'mean')).toBeCloseTo(0.4)
  expect(visualShare({ layers: [{ visual: 0.2 }, { visual: 0.6 }] }, 1)).toBe(0.6)
})

it('is clear where nothing was looked at, and strongest at the strongest patch', () => {
  const pixels = heatPixels([0, 0.25, 1, 0])
  expect(pixels).toHaveLength(16)
  const alphas = [3, 7, 11, 15].map((at) => pixels[at]!)
  expect(alphas[0]).toBe(0)
  expect(alphas[3]).toBe(0)
  expect(alphas[2]).toBeGreaterThan(alphas[1]!)
  expect([...heatPixels([0, 0])].every((value, at) => at % 4 !== 3 || value === 0)).toBe(true)
})

it('finds the picture in a padded square', () => {
  expect(placeOnSquare('square', 400, 100)).toEqual({ x: 0, y: 0, width: 1, height: 1 })
  expect(placeOnSquare('pad', 400, 100)).toEqual({ x: 0, y: 0.375, width: 1, height: 0.25 })
})
