import { describe, expect, it } from 'vitest'
import {
  COLOURS,
  ELEMENTS,
  GLYPHS,
  glyphCode,
  patchLabels,
} from '../../../../native-models/training/renderers/label-map.ts'

const square = (side: number) => ({ width: side, height: side })

const at = (labels: Uint8Array, grid: number, row: number, column: number) => [
  ...labels.slice((row * grid + column) * 3, (row * grid + column) * 3 + 3),
]

describe('patchLabels', () => {
  it('gives a mark the patches whose centre it covers', () => {
    const labels = patchLabels([{ element: 'face', x: 14, y: 28, w: 28, h: 14 }], square(224), 16)
    const face = ELEMENTS.indexOf('face')
    expect(at(labels, 16, 2, 1)).toEqual([face, 0, 0])
    expect(at(labels, 16, 2, 2)).toEqual([face, 0, 0])
    expect(labels.filter((label) => label === face)).toHaveLength(2)
  })

  it('lets later marks cover earlier ones and glyphs keep the colour beneath', () => {
    const labels = patchLabels(
      [
        { element: 'title bar', colour: 'red', x: 0, y: 0, w: 224, h: 14 },
        { element: 'text', glyph: 'k', x: 28, y: 1, w: 14, h: 12 },
      ],
      square(224),
      16,
    )
    expect(at(labels, 16, 0, 2)).toEqual([ELEMENTS.indexOf('text'), COLOURS.indexOf('red'), glyphCode('k')])
    expect(at(labels, 16, 0, 3)).toEqual([ELEMENTS.indexOf('title bar'), COLOURS.indexOf('red'), 0])
  })

  it('finds a patch for the smallest mark and none outside the picture', () => {
    for (let x = 0; x < 224; x += 3.7) {
      const labels = patchLabels([{ element: 'point', x, y: x, w: 2, h: 2 }], square(224), 16)
      expect(labels.filter((label) => label === ELEMENTS.indexOf('point')).length).toBe(1)
    }
    expect(
      patchLabels([{ element: 'point', x: 400, y: -90, w: 9, h: 9 }], square(224), 16).some((label) => label > 0),
    ).toBe(false)
  })

  it('works on logical units of any side', () => {
    const small = patchLabels([{ element: 'bar', x: 56, y: 56, w: 56, h: 56 }], square(224), 16)
    const large = patchLabels([{ element: 'bar', x: 112, y: 112, w: 112, h: 112 }], square(448), 16)
    expect(large).toEqual(small)
  })
})

describe('patchLabels of a squeezed picture', () => {
  it('follows the squeeze', () => {
    const labels = patchLabels([{ element: 'bar', x: 56, y: 28, w: 56, h: 28 }], { width: 448, height: 224 }, 16)
    expect(labels).toEqual(patchLabels([{ element: 'bar', x: 28, y: 28, w: 28, h: 28 }], square(224), 16))
  })
})

describe('class lists', () => {
  it('have no doubles and fit a byte', () => {
    for (const list of [ELEMENTS, COLOURS, [...GLYPHS]]) {
      expect(new Set<string>(list).size).toBe(list.length)
      expect(list.length).toBeLessThan(256)
    }
    expect(GLYPHS[0]).toBe(' ')
  })
})
