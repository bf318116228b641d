import { COLOUR_NAMES, type ColourName } from './palette.ts'

/**
 * Classes of the dense-label stage. Append only: trained heads index into these lists.
 */
export const ELEMENTS = [
  'none',
  'face',
  'dark face',
  'title bar',
  'close',
  'window control',
  'text',
  'button',
  'default button',
  'disabled button',
  'box on',
  'box off',
  'radio on',
  'radio off',
  'switch on',
  'switch off',
  'field',
  'drop-down',
  'icon info',
  'icon warning',
  'icon error',
  'icon question',
  'icon success',
  'bar',
  'line',
  'slice',
  'point',
  'axis',
  'legend',
  'circle',
  'square',
  'triangle',
  'star',
  'cross',
  'diamond',
  'heart',
  'hexagon',
  'arrow',
  'emoji',
  'icon',
  'tab',
  'selected tab',
  'row',
  'selected row',
  'header',
  'menu bar',
  'menu',
  'highlighted item',
  'tool bar',
  'status bar',
  'scroll bar',
  'progress',
  'slider',
  'link',
  'badge',
  'flag',
  'clip art',
  'group box',
  'tree',
  'tooltip',
  'avatar',
  'chip',
] as const
export type ElementName = (typeof ELEMENTS)[number]

/** Colour classes; 0 is none. */
export const COLOURS = ['none', ...COLOUR_NAMES] as const

/** Glyph classes; position 0 (the space) is none. Append only. */
export const GLYPHS =
  ' abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,?!:;\'"-_/\\()[]{}@#$%&*+=<>|×…°€£'

/** A painted rectangle in logical units: an element (with a colour if it has a named one) or a single glyph. */
export interface Mark {
  x: number
  y: number
  w: number
  h: number
  element: ElementName
  colour?: ColourName
  glyph?: string
  /** Name of an element, for renderers that read marks and boxes together. */
  text?: string
}

const ELEMENT_CODES = new Map<string, number>(ELEMENTS.map((name, code) => [name, code]))
const COLOUR_CODES = new Map<string, number>(COLOURS.map((name, code) => [name, code]))
const GLYPH_CODES = new Map<string, number>([...GLYPHS].map((glyph, code) => [glyph, code]))

/** Class number of a glyph; 0 for one outside the list. */
export function glyphCode(glyph: string): number {
  return GLYPH_CODES.get(glyph) ?? 0
}

/**
 * Per-patch classes [grid, grid, 3] (element, colour, glyph). A mark owns the patches whose centre it covers, later
 * marks over earlier ones; marks thinner than a patch are widened to one so that they always own a patch.
 * @param marks in painting order, in logical units
 * @param extent logical units across and down the picture
 * @param grid patches along one side
 */
export function patchLabels(
  marks: readonly Mark[],
  extent: { width: number; height: number },
  grid: number,
): Uint8Array {
  const labels = new Uint8Array(grid * grid * 3)
  const patch = { w: extent.width / grid, h: extent.height / grid }
  for (const mark of marks) {
    // Glyphs of a line touch each other: widening one would overwrite its neighbours.
    const w = mark.glyph === undefined ? Math.max(mark.w, patch.w) : mark.w
    const h = Math.max(mark.h, patch.h)
    const left = mark.x + (mark.w - w) / 2
    const top = mark.y + (mark.h - h) / 2
    const firstColumn = Math.max(0, Math.ceil(left / patch.w - 0.5))
    const lastColumn = Math.min(grid - 1, Math.ceil((left + w) / patch.w - 0.5) - 1)
    const firstRow = Math.max(0, Math.ceil(top / patch.h - 0.5))
    const lastRow = Math.min(grid - 1, Math.ceil((top + h) / patch.h - 0.5) - 1)
    const element = ELEMENT_CODES.get(mark.element) ?? 0
    const colour = COLOUR_CODES.get(mark.colour ?? 'none') ?? 0
    const glyph = mark.glyph === undefined ? 0 : glyphCode(mark.glyph)
    for (let row = firstRow; row <= lastRow; row++) {
      for (let column = firstColumn; column <= lastColumn; column++) {
        const at = (row * grid + column) * 3
        labels[at] = element
        // A glyph keeps the colour of what it is written on.
        if (mark.glyph === undefined) labels[at + 1] = colour
        labels[at + 2] = glyph
      }
    }
  }
  return labels
}
