import { type Box, bottom, right, sharedArea } from './text-line.ts'

/** Pixels that neighbouring tiles share: a line of this height is whole in one of them. */
const overlap = 96

/** Covers a box with tiles of at most `width` by `height` that overlap. */
export function tiles(box: Box, width: number, height: number): Box[] {
  return spans(box.top, box.height, height).flatMap(([top, tall]) =>
    spans(box.left, box.width, width).map(([left, wide]) => ({ left, top, width: wide, height: tall })),
  )
}

/** Starts and lengths, evenly spread. */
function spans(start: number, length: number, most: number): [number, number][] {
  if (length <= most) return [[start, length]]
  const count = Math.ceil((length - overlap) / (most - overlap))
  const size = Math.ceil((length + (count - 1) * overlap) / count)
  return Array.from({ length: count }, (_, at) => {
    const from = Math.round((at * (length - size)) / (count - 1))
    return [start + from, size]
  })
}

/**
 * One box for each line where tiles overlap: pieces of one row become one box, of a line cut through its height the
 * whole one is kept.
 */
export function joinAcrossTiles(boxes: readonly Box[]): Box[] {
  const sorted = [...boxes].sort((a, b) => a.top - b.top)
  const kept: Box[] = []
  for (let box of sorted) {
    // Going on until nothing more is joined, as a joined box may reach a third one.
    for (let at = kept.length - 1; at >= 0; at--) {
      const other = kept[at]!
      if (box.top - other.top > 2 * overlap + other.height) break
      const shared = sharedArea(box, other)
      if (shared === 0) continue
      const row = isOneRow(box, other)
      if (!row && shared < 0.3 * Math.min(area(box), area(other))) continue
      kept.splice(at, 1)
      box = row ? union(box, other) : area(box) > area(other) ? box : other
      at = kept.length
    }
    kept.push(box)
  }
  return kept
}

/** Beside each other, or below each other where lines run downwards. */
function isOneRow(a: Box, b: Box): boolean {
  const height = Math.min(bottom(a), bottom(b)) - Math.max(a.top, b.top)
  const width = Math.min(right(a), right(b)) - Math.max(a.left, b.left)
  const upright = a.height > a.width && b.height > b.width
  return upright ? width > 0.7 * Math.max(a.width, b.width) : height > 0.7 * Math.max(a.height, b.height)
}

function union(a: Box, b: Box): Box {
  const left = Math.min(a.left, b.left)
  const top = Math.min(a.top, b.top)
  return { left, top, width: Math.max(right(a), right(b)) - left, height: Math.max(bottom(a), bottom(b)) - top }
}

function area(box: Box): number {
  return box.width * box.height
}
