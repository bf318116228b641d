import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas'
import { type ElementName, type Mark, patchLabels } from './label-map.ts'
import type { ColourName } from './palette.ts'

/** Side of a plain picture in logical units; drawing code works in these, whatever the pixel size. */
export const SIDE = 224

export interface TextStyle {
  px: number
  font: string
  ink: string
  bold?: boolean
}

/** A named interface element, in logical units until {@link Scene.placedBoxes} turns them into pixels. */
export interface Box {
  element: ElementName
  text: string
  x: number
  y: number
  w: number
  h: number
}

interface TextLine {
  text: string
  x: number
  y: number
}

const glyphWidths = new Map<string, number>()

/** One picture being drawn: canvas, marks for the dense labels, text lines and boxes, kept in step. */
export class Scene {
  readonly canvas: Canvas
  readonly context: SKRSContext2D
  readonly size: number
  /** Logical units across and down; they differ where a picture of another shape was squeezed into the square. */
  width = SIDE
  height = SIDE
  private marks: Mark[] = []
  private lines: TextLine[] = []
  private boxes: Box[] = []

  /** @param size pixels along one side */
  constructor(size: number) {
    this.size = size
    this.canvas = createCanvas(size, size)
    this.context = this.canvas.getContext('2d')
  }

  /** Starts an empty picture on a plain ground, `width` by `height` logical units. */
  begin(ground: string, width: number = SIDE, height: number = width): void {
    this.width = width
    this.height = height
    this.marks = []
    this.lines = []
    this.boxes = []
    this.context.setTransform(this.size / width, 0, 0, this.size / height, 0, 0)
    this.context.lineWidth = 1
    this.context.fillStyle = ground
    this.context.fillRect(0, 0, width, height)
  }

  /** Records what was painted where. */
  mark(element: ElementName, x: number, y: number, w: number, h: number, colour?: ColourName): void {
    this.marks.push(colour === undefined ? { element, x, y, w, h } : { element, x, y, w, h, colour })
  }

  /** Records a named element for the sample's boxes (and as a mark). */
  box(element: ElementName, text: string, x: number, y: number, w: number, h: number, colour?: ColourName): void {
    this.mark(element, x, y, w, h, colour)
    this.boxes.push({ element, text, x, y, w, h })
  }

  /** Fills and outlines a rectangle with rounded corners. */
  panel(
    x: number,
    y: number,
    w: number,
    h: number,
    options: { radius?: number; fill?: string; stroke?: string; width?: number },
  ): void {
    const { context } = this
    context.beginPath()
    context.roundRect(x, y, w, h, options.radius ?? 0)
    if (options.fill !== undefined) {
      context.fillStyle = options.fill
      context.fill()
    }
    if (options.stroke !== undefined) {
      context.lineWidth = options.width ?? 1
      context.strokeStyle = options.stroke
      context.stroke()
      context.lineWidth = 1
    }
  }

  /** Width of a text in logical units. */
  measure(text: string, style: TextStyle): number {
    let width = 0
    const key = fontKey(style)
    for (const glyph of text) width += this.glyphWidth(glyph, key)
    return width
  }

  /**
   * Draws one line of text, marking every glyph.
   * @param baseline y of the text's baseline
   * @returns the width drawn
   */
  text(text: string, x: number, baseline: number, style: TextStyle, line = true): number {
    const { context } = this
    const key = fontKey(style)
    context.font = key
    context.fillStyle = style.ink
    // Glyph by glyph, so that marks and pixels agree whatever the font's kerning and ligatures.
    let at = x
    for (const glyph of text) {
      const width = this.glyphWidth(glyph, key)
      if (glyph !== ' ') {
        context.fillText(glyph, at, baseline)
        this.marks.push({ element: 'text', glyph, x: at, y: baseline - style.px * 0.8, w: width, h: style.px })
      }
      at += width
    }
    if (line) this.lines.push({ text, x, y: baseline })
    return at - x
  }

  /** Draws a line centred on `middle`. */
  centredText(text: string, middle: number, baseline: number, style: TextStyle, line = true): number {
    return this.text(text, middle - this.measure(text, style) / 2, baseline, style, line)
  }

  /** Breaks a text at spaces into lines no wider than `width`. */
  wrap(text: string, width: number, style: TextStyle): string[] {
    const lines: string[] = []
    let current = ''
    for (const word of text.split(' ')) {
      const longer = current === '' ? word : `${current} ${word}`
      if (current !== '' && this.measure(longer, style) > width) {
        lines.push(current)
        current = word
      } else {
        current = longer
      }
    }
    lines.push(current)
    return lines
  }

  /** The text lines in reading order: by row, then from left to right. */
  readingOrder(): string[] {
    const lines = this.lines.slice().sort((a, b) => a.y - b.y)
    const ordered: TextLine[] = []
    for (let start = 0; start < lines.length; ) {
      let end = start + 1
      while (end < lines.length && (lines[end] as TextLine).y - (lines[start] as TextLine).y < 6) end++
      ordered.push(...lines.slice(start, end).sort((a, b) => a.x - b.x))
      start = end
    }
    return ordered.map((line) => line.text)
  }

  /** Glyphs that stick out of the picture, as text; empty in a good drawing. */
  overflowingText(): string[] {
    return this.marks.flatMap(({ glyph, x, y, w, h }) => {
      const inside = x >= -1 && y >= -1 && x + w <= this.width + 1 && y + h <= this.height + 1
      return glyph === undefined || inside ? [] : [glyph]
    })
  }

  /** Boxes in whole pixels. */
  placedBoxes(): Box[] {
    const across = this.size / this.width
    const down = this.size / this.height
    return this.boxes.map((box) => ({
      ...box,
      x: Math.round(box.x * across),
      y: Math.round(box.y * down),
      w: Math.round(box.w * across),
      h: Math.round(box.h * down),
    }))
  }

  /** Pixels [size, size, 3], row-major RGB. */
  pixels(): Uint8Array {
    const rgba = this.context.getImageData(0, 0, this.size, this.size).data
    const rgb = new Uint8Array(this.size * this.size * 3)
    for (let from = 0, to = 0; from < rgba.length; from += 4) {
      rgb[to++] = rgba[from] as number
      rgb[to++] = rgba[from + 1] as number
      rgb[to++] = rgba[from + 2] as number
    }
    return rgb
  }

  /** Patch classes [grid, grid, 3]; see {@link patchLabels}. */
  labels(grid: number): Uint8Array {
    return patchLabels(this.marks, this, grid)
  }

  private glyphWidth(glyph: string, key: string): number {
    const cacheKey = key + glyph
    let width = glyphWidths.get(cacheKey)
    if (width === undefined) {
      this.context.font = key
      width = this.context.measureText(glyph).width
      glyphWidths.set(cacheKey, width)
    }
    return width
  }
}

function fontKey(style: TextStyle): string {
  return `${style.bold ? 'bold ' : ''}${style.px}px "${style.font}"`
}
