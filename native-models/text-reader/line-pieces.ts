import type { RgbPicture } from '../mplug-owl2/bicubic.ts'
import type { Gap } from './missing-spaces.ts'
import { type Box, bottom, right } from './text-line.ts'

/** A line, or one of several that stood in one box. */
export interface LinePiece {
  box: Box
  /** Blank stretches within it. */
  gaps: Gap[]
}

/** Brightness, of 255, within which a column of pixels counts as blank. */
const flat = 28
/** A blank stretch of more heights than this parts two texts: buttons, cells, columns. A space of a fixed pitch is 0.45. */
const widestSpace = 0.75
/** Room that a piece keeps on each side, in heights: the network wants some. */
const margin = 0.15

/**
 * The pieces of a box that lie apart, cut to what is written. The detection network joins what stands close, and a
 * button's label with the next one's; at full size the blank between them is plain. Straight vertical borders are blank,
 * too.
 */
export function linePieces({ rgb, width }: RgbPicture, box: Box): LinePiece[] {
  const left = Math.max(0, Math.floor(box.left))
  const end = Math.ceil(right(box))
  const top = Math.max(0, Math.floor(box.top + 0.1 * box.height))
  const low = Math.ceil(bottom(box) - 0.1 * box.height)
  const stretches: { from: number; to: number; gaps: Gap[] }[] = []
  for (let x = left; x < end; x++) {
    let least = 255
    let most = 0
    for (let y = top; y < low; y++) {
      const at = (y * width + x) * 3
      const value = (rgb[at]! + 2 * rgb[at + 1]! + rgb[at + 2]!) >> 2
      if (value < least) least = value
      if (value > most) most = value
    }
    if (most - least <= flat) continue
    const last = stretches.at(-1)
    if (last && x - last.to <= widestSpace * box.height) {
      if (x > last.to) last.gaps.push({ from: last.to, to: x })
      last.to = x + 1
    } else stretches.push({ from: x, to: x + 1, gaps: [] })
  }
  // Faint text, all of it within what counts as blank, stays as it was found.
  if (stretches.length === 0) return [{ box, gaps: [] }]
  const room = margin * box.height
  return stretches
    .filter(({ from, to }) => to - from > 1)
    .map(({ from, to, gaps }) => {
      const start = Math.max(left, from - room)
      return {
        box: { ...box, left: start, width: Math.min(end, to + room) - start },
        gaps: gaps.map((gap) => ({ from: gap.from - start, to: gap.to - start })),
      }
    })
}
