import { describe, expect, it } from 'vitest'
import { moveRect, rectBetween, resizeRect, turned, turnRect } from '../../../src-renderer/chat/crop.ts'

const frame = { width: 100, height: 50 }
const rect = { x: 10, y: 10, width: 40, height: 20 }

it('lies between two points, in any direction, within the picture', () => {
  expect(rectBetween({ x: 90.4, y: -5 }, { x: 30.2, y: 60 }, frame)).toEqual({ x: 30, y: 0, width: 60, height: 50 })
})

it('moves up to the edges and keeps its size', () => {
  expect(moveRect(rect, 200, -200, frame)).toEqual({ ...rect, x: 60, y: 0 })
})

it('is sized by its edges, which pass neither each other nor the picture', () => {
  expect(resizeRect(rect, { right: true, bottom: true }, 999, 999, frame)).toEqual({
    x: 10,
    y: 10,
    width: 90,
    height: 40,
  })
  expect(resizeRect(rect, { left: true }, 999, 999, frame)).toEqual({ x: 42, y: 10, width: 8, height: 20 })
  expect(resizeRect({ x: 0, y: 0, width: 3, height: 3 }, { right: true }, -9, 0, { width: 3, height: 3 }).width).toBe(3)
})

describe('turning', () => {
  it('takes the part along', () => {
    expect(turnRect(rect, frame)).toEqual({ x: 20, y: 10, width: 20, height: 40 })
    expect(turned(frame, 1)).toEqual({ width: 50, height: 100 })
  })

  it('comes back after four quarters', () => {
    let [part, size] = [rect, frame]
    for (let step = 0; step < 4; step++) {
      part = turnRect(part, size)
      size = turned(size, 1)
    }
    expect(part).toEqual(rect)
  })
})
