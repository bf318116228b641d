import type { RgbPicture } from '../mplug-owl2/bicubic.ts'
import type { Box } from './text-line.ts'

/** Edge of a cell, in pixels: about the height of the smallest line of text. */
const cell = 16
/** Change of brightness, of 255, that a pixel has to show both sideways and downwards. */
const leastContrast = 10
/** Blank cells that part two parts of a picture: no line of text has such a gap, save between columns. */
const gapCells = 4

/**
 * The parts of a picture that may hold text, so that the rest need not be looked at. Text has corners everywhere; flat
 * areas and straight borders have none. Parts are cut where whole rows or columns of cells are blank, over and over.
 * @returns boxes in pixels, with a margin; none for a picture without content
 */
export function contentParts(picture: RgbPicture): Box[] {
  const columns = Math.ceil(picture.width / cell)
  const rows = Math.ceil(picture.height / cell)
  const occupied = occupiedCells(picture, columns, rows)
  const parts: Box[] = []
  cut(occupied, columns, { left: 0, top: 0, right: columns, bottom: rows }, parts)
  return parts.map(({ left, top, width, height }) => {
    const from = { left: Math.max(0, (left - 1) * cell), top: Math.max(0, (top - 1) * cell) }
    return {
      ...from,
      width: Math.min(picture.width, (left + width + 1) * cell) - from.left,
      height: Math.min(picture.height, (top + height + 1) * cell) - from.top,
    }
  })
}

interface Cells {
  left: number
  top: number
  right: number
  bottom: number
}

function occupiedCells({ rgb, width, height }: RgbPicture, columns: number, rows: number): Uint8Array {
  const occupied = new Uint8Array(columns * rows)
  // Twice green, red and blue: brightness near enough, without a multiplication.
  let above = new Int16Array(width)
  brightnessRow(rgb, 0, width, above)
  let here = new Int16Array(width)
  for (let y = 1; y < height; y++) {
    brightnessRow(rgb, y * width * 3, width, here)
    const row = Math.floor(y / cell) * columns
    for (let x = 1; x < width; x++) {
      const sideways = here[x]! - here[x - 1]!
      if (sideways < 4 * leastContrast && sideways > -4 * leastContrast) continue
      const downwards = here[x]! - above[x]!
      if (downwards < 4 * leastContrast && downwards > -4 * leastContrast) continue
      occupied[row + Math.floor(x / cell)] = 1
    }
    const swap = above
    above = here
    here = swap
  }
  return occupied
}

function brightnessRow(rgb: Uint8Array, from: number, width: number, row: Int16Array): void {
  for (let x = 0, at = from; x < width; x++, at += 3) row[x] = rgb[at]! + 2 * rgb[at + 1]! + rgb[at + 2]!
}

/** Cuts an area at its blank bands until there is none. Puts boxes in cells into `parts`. */
function cut(occupied: Uint8Array, columns: number, area: Cells, parts: Box[]): void {
  const across = bands(area.top, area.bottom, (y) => hasCell(occupied, columns, { ...area, top: y, bottom: y + 1 }))
  for (const [top, bottom] of across) {
    const row = { ...area, top, bottom }
    const along = bands(area.left, area.right, (x) => hasCell(occupied, columns, { ...row, left: x, right: x + 1 }))
    const [only] = along
    if (across.length === 1 && along.length === 1) {
      parts.push({ left: only![0], top, width: only![1] - only![0], height: bottom - top })
    } else {
      for (const [left, right] of along) cut(occupied, columns, { left, top, right, bottom }, parts)
    }
  }
}

/** Stretches of what is occupied, parted by at least `gapCells` that are not. */
function bands(from: number, to: number, isOccupied: (at: number) => boolean): [number, number][] {
  const found: [number, number][] = []
  for (let at = from; at < to; at++) {
    if (!isOccupied(at)) continue
    const last = found.at(-1)
    if (last && at - last[1] < gapCells) last[1] = at + 1
    else found.push([at, at + 1])
  }
  return found
}

function hasCell(occupied: Uint8Array, columns: number, { left, top, right, bottom }: Cells): boolean {
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) if (occupied[y * columns + x]) return true
  }
  return false
}
