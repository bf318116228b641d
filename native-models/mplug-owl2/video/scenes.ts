import type { VideoRange } from './frame-sampling.ts'

/** A frame in small, for comparisons: red, green and blue of each pixel, row by row. */
export interface SmallFrame {
  time: number
  rgb: Uint8Array
}

export const smallWidth = 32
export const smallHeight = 18

/** Frames looked at for changes of scene, at most. */
const mostLookedAt = 600
/** Seconds between two of them at least, and the shortest scene. */
const leastStep = 0.25
/** Mean change of a colour, of 255, that a cut makes at least, and how far it stands out from its surroundings. */
const leastChange = 14
const standsOut = 3

/** Times of the frames to compare. */
export function sceneProbeTimes({ start, end }: VideoRange): number[] {
  const step = Math.max(leastStep, (end - start) / mostLookedAt)
  return Array.from({ length: Math.max(1, Math.ceil((end - start) / step)) }, (_, n) => start + n * step)
}

/**
 * Parts a range at its cuts: where a frame differs much from the one before, and much more than its neighbours do, so
 * that a moving camera is no cut.
 * @param frames in order of time
 */
export function scenesOf(frames: readonly SmallFrame[], { start, end }: VideoRange): VideoRange[] {
  const changes = frames.slice(1).map(({ rgb }, index) => difference(rgb, frames[index]!.rgb))
  const cuts = changes.flatMap((change, index) => {
    const around = changes.slice(Math.max(0, index - 4), index + 5).toSorted((a, b) => a - b)
    const usual = around[Math.floor((around.length - 1) / 2)]!
    const isCut = change >= leastChange && change >= standsOut * usual
    const isPeak = change >= (changes[index - 1] ?? 0) && change > (changes[index + 1] ?? 0)
    return isCut && isPeak ? [frames[index + 1]!.time] : []
  })
  const edges = [start, ...cuts.filter((cut) => cut > start && cut < end), end]
  return edges.slice(1).map((edge, index) => ({ start: edges[index]!, end: edge }))
}

function difference(a: Uint8Array, b: Uint8Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]! - b[i]!)
  return sum / Math.max(1, a.length)
}
