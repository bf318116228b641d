/** Numbers in [0, 1) that are the same in every run. */
function* randomNumbers(seed: number): Generator<number> {
  let state = seed
  while (true) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    yield state / 2 ** 32
  }
}

/** Values on a bell curve of width 1. */
export function bellCurve(count: number, seed: number): Float32Array {
  const numbers = randomNumbers(seed)
  const next = () => numbers.next().value as number
  return Float32Array.from(
    { length: count },
    () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  )
}

/** Values over many orders of magnitude, with outliers and stretches of one sign. */
export function spread(count: number, seed: number): Float32Array {
  const numbers = randomNumbers(seed)
  const next = () => numbers.next().value as number
  return Float32Array.from({ length: count }, (_, i) => {
    const size = 10 ** (6 * next() - 5)
    return Math.floor(i / 50) % 3 === 0 ? size : next() < 0.5 ? -size : size
  })
}
