/** A part of a picture, in its pixels. */
export interface Rect {
  x: number
  y: number
  width: number
  height: number
}

export interface Size {
  width: number
  height: number
}

/** The edges that a drag or a key moves. */
export interface Edges {
  left?: boolean
  top?: boolean
  right?: boolean
  bottom?: boolean
}

/** A smaller part shows nothing to anyone. */
export const minEdge = 8

/** The part between two points, in whole pixels, within the picture. */
export function rectBetween(from: { x: number; y: number }, to: { x: number; y: number }, frame: Size): Rect {
  const left = clamp(Math.round(Math.min(from.x, to.x)), 0, frame.width)
  const top = clamp(Math.round(Math.min(from.y, to.y)), 0, frame.height)
  const right = clamp(Math.round(Math.max(from.x, to.x)), 0, frame.width)
  const bottom = clamp(Math.round(Math.max(from.y, to.y)), 0, frame.height)
  return { x: left, y: top, width: right - left, height: bottom - top }
}

export function moveRect(rect: Rect, across: number, down: number, frame: Size): Rect {
  return {
    ...rect,
    x: clamp(Math.round(rect.x + across), 0, frame.width - rect.width),
    y: clamp(Math.round(rect.y + down), 0, frame.height - rect.height),
  }
}

/** Moves some edges; none passes its opposite, and none leaves the picture. */
export function resizeRect(rect: Rect, edges: Edges, across: number, down: number, frame: Size): Rect {
  const least = { width: Math.min(minEdge, frame.width), height: Math.min(minEdge, frame.height) }
  let { x: left, y: top } = rect
  let right = left + rect.width
  let bottom = top + rect.height
  if (edges.left) left = clamp(Math.round(left + across), 0, right - least.width)
  if (edges.right) right = clamp(Math.round(right + across), left + least.width, frame.width)
  if (edges.top) top = clamp(Math.round(top + down), 0, bottom - least.height)
  if (edges.bottom) bottom = clamp(Math.round(bottom + down), top + least.height, frame.height)
  return { x: left, y: top, width: right - left, height: bottom - top }
}

/** Where a part lies after a quarter turn clockwise of the whole picture. */
export function turnRect({ x, y, width, height }: Rect, frame: Size): Rect {
  return { x: frame.height - y - height, y: x, width: height, height: width }
}

/** The size of a picture after quarter turns. */
export function turned({ width, height }: Size, quarterTurns: number): Size {
  return quarterTurns % 2 === 0 ? { width, height } : { width: height, height: width }
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value))
}
