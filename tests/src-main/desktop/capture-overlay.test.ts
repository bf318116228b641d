import type { Display } from 'electron'
import { expect, it, vi } from 'vitest'
import { overlayBounds } from '../../../src-main/desktop/capture-overlay.ts'

vi.mock('electron', () => ({}))

const display = {
  bounds: { x: 1920, y: 0, width: 1920, height: 1080 },
  workArea: { x: 1920, y: 40, width: 1920, height: 1000 },
} as Display

it('covers a screen to cut from, and offers windows in the middle of the one under the pointer', () => {
  expect(overlayBounds({ kind: 'region', display })).toEqual(display.bounds)
  expect(overlayBounds({ kind: 'windows', display })).toEqual({ x: 2500, y: 260, width: 760, height: 560 })
  const small = { ...display, workArea: { x: 0, y: 0, width: 600, height: 500 } }
  expect(overlayBounds({ kind: 'windows', display: small })).toEqual(small.workArea)
})
