import type { Box } from './text-line.ts'

/** A connected area of a probability map. */
export interface FoundArea {
  box: Box
  /** Mean probability within it. */
  score: number
  /** Pixels of the map that belong to it. */
  pixels: number
}

interface Area {
  left: number
  top: number
  right: number
  bottom: number
  pixels: number
  sum: number
}

/**
 * Connected areas (4 neighbours) of a map where its values exceed a threshold. Works on runs of a row and a union of
 * those that touch, so its time goes with the text in a picture and not with its size.
 * @param map [height, width], values 0 to 1; `width` columns of `stride` are looked at
 */
export function probabilityAreas(
  map: Float32Array,
  { width, height, stride }: { width: number; height: number; stride: number },
  threshold: number,
): FoundArea[] {
  const areas: Area[] = []
  const parent: number[] = []
  const root = (index: number): number => {
    let at = index
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]!]!
      at = parent[at]!
    }
    return at
  }
  let above: { start: number; end: number; area: number }[] = []
  for (let y = 0; y < height; y++) {
    const runs: typeof above = []
    const row = y * stride
    let from = 0
    for (let x = 0; x < width; x++) {
      if (map[row + x]! <= threshold) continue
      const start = x
      let sum = 0
      for (; x < width && map[row + x]! > threshold; x++) sum += map[row + x]!
      const area = areas.length
      areas.push({ left: start, top: y, right: x, bottom: y + 1, pixels: x - start, sum })
      parent.push(area)
      while (from < above.length && above[from]!.end <= start) from++
      for (let at = from; at < above.length && above[at]!.start < x; at++) {
        const a = root(above[at]!.area)
        const b = root(area)
        if (a === b) continue
        parent[b] = a
        join(areas[a]!, areas[b]!)
      }
      runs.push({ start, end: x, area })
    }
    above = runs
  }
  return areas
    .filter((_, index) => parent[index] === index)
    .map((area) => ({
      box: { left: area.left, top: area.top, width: area.right - area.left, height: area.bottom - area.top },
      score: area.sum / area.pixels,
      pixels: area.pixels,
    }))
}

function join(into: Area, other: Area): void {
  into.left = Math.min(into.left, other.left)
  into.top = Math.min(into.top, other.top)
  into.right = Math.max(into.right, other.right)
  into.bottom = Math.max(into.bottom, other.bottom)
  into.pixels += other.pixels
  into.sum += other.sum
}
