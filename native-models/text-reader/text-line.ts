/** A rectangle in pixels of the picture as it is shown. */
export interface Box {
  left: number
  top: number
  width: number
  height: number
}

/** A line of text found in a picture. */
export interface TextLine {
  text: string
  box: Box
  /** Mean probability of its characters, 0 to 1. */
  confidence: number
  /** Degrees clockwise by which the line is turned in the picture. */
  rotation: 0 | 90 | 270
}

export function right(box: Box): number {
  return box.left + box.width
}

export function bottom(box: Box): number {
  return box.top + box.height
}

/** Area that two boxes share, in square pixels. */
export function sharedArea(a: Box, b: Box): number {
  const width = Math.min(right(a), right(b)) - Math.max(a.left, b.left)
  const height = Math.min(bottom(a), bottom(b)) - Math.max(a.top, b.top)
  return width > 0 && height > 0 ? width * height : 0
}
