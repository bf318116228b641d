import { expect, it } from 'vitest'
import { numberWithin } from '../../../src-renderer/components/number-field.tsx'

it('is the nearest within the bounds, whole where the step is one', () => {
  const share = { min: 0.05, max: 1, step: 0.05 }
  expect(numberWithin('0.9', share)).toBe(0.9)
  expect(numberWithin('7', share)).toBe(1)
  expect(numberWithin('0', share)).toBe(0.05)
  expect(numberWithin('40.6', { min: 0, max: 500, step: 1 })).toBe(41)
})

it('is none where none is written', () => {
  const whole = { min: 1, max: 9, step: 1 }
  for (const written of ['', ' ', 'warm', '1e999']) expect(numberWithin(written, whole)).toBeUndefined()
})
