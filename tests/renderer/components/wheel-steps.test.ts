import { expect, it } from 'vitest'
import { wheelSteps } from '../../../src-renderer/components/wheel-steps.ts'

const turn = (deltas: number[], deltaMode = 0) => {
  const stepOf = wheelSteps()
  return deltas.map((deltaY) => stepOf({ deltaY, deltaMode }))
}
const steps = (deltas: number[], deltaMode?: number) => turn(deltas, deltaMode).filter((step) => step !== 0)

it('a notch of a mouse is one step, in pixels, lines and pages', () => {
  expect(turn([100, -120, 53])).toEqual([1, -1, 1])
  expect(turn([3, -3], 1)).toEqual([1, -1])
  expect(turn([-1], 2)).toEqual([-1])
})

it('small movements of a touchpad add up to a step', () => {
  expect(steps(Array(8).fill(-3))).toEqual([])
  expect(steps(Array(40).fill(-3))).toEqual([-1, -1])
})

it('a turn back begins anew', () => {
  expect(turn([40, -40, -20])).toEqual([0, 0, -1])
})
