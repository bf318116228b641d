/** A stretch of a video, in seconds from its first frame. */
export interface VideoRange {
  start: number
  end: number
}

/** What the published model was evaluated with. */
export const defaultFrames = 8

/**
 * The middles of equal parts: a frame stands for the part around it, and neither the first nor the last frame, which
 * are black in many videos, is among them.
 */
export function uniformTimes({ start, end }: VideoRange, count: number): number[] {
  const part = (end - start) / count
  return Array.from({ length: count }, (_, n) => start + (n + 0.5) * part)
}

/** So many frames a second; where that is more than `most`, evenly spread ones. */
export function rateTimes(range: VideoRange, perSecond: number, most: number): number[] {
  const count = Math.max(1, Math.round((range.end - range.start) * perSecond))
  return uniformTimes(range, Math.min(count, most))
}

/**
 * Frames that a question can hold.
 * @param contextRows rows that a conversation may hold, @param pictureRows of them for one frame
 */
export function mostFrames(contextRows: number, pictureRows: number): number {
  // Room for a question and an answer: an eighth, of a small model's context at least a few words.
  return Math.max(1, Math.floor((contextRows - Math.max(64, contextRows / 8)) / pictureRows))
}

/** Size within which a frame is kept: enough for the model and for reading text in it. */
export const maxFrameEdge = 1280
