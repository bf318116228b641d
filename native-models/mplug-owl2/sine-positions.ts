/**
 * Sine-cosine positions of the visual abstractor, for checkpoints that lack the buffers. Within `width` the first
 * half are sines and the second half cosines, of position / 10000^(i / half).
 */
function sineCosine(position: number, width: number): number[] {
  const half = width / 2
  const angles = Array.from({ length: half }, (_, i) => position / 10000 ** (i / half))
  return [...angles.map(Math.sin), ...angles.map(Math.cos)]
}

/** Positions 0, 1, ... of the queries; [count, width]. */
export function linePositions(count: number, width: number): Float32Array {
  return Float32Array.from(Array.from({ length: count }, (_, position) => sineCosine(position, width)).flat())
}

/**
 * Positions of the patches of a square grid, the class token's zeros first; [1 + grid^2, width]. The first half of
 * each row encodes the column, the second half the row, as in MAE's 2-D embedding.
 */
export function gridPositions(grid: number, width: number): Float32Array {
  const patches = Array.from({ length: grid * grid }, (_, patch) => [
    ...sineCosine(patch % grid, width / 2),
    ...sineCosine(Math.floor(patch / grid), width / 2),
  ])
  return Float32Array.from([...new Array<number>(width).fill(0), ...patches.flat()])
}
