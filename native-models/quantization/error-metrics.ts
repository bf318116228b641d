export interface ErrorMetrics {
  /** Largest difference of any value. */
  largest: number
  /** Root of the mean squared difference. */
  rms: number
  /** Power of the differences over the power of the original; 0 is equal, 0.01 is one per cent. */
  relativePower: number
  /** Cosine of the angle between both; 1 is equal. */
  cosine: number
}

/** How far values are from their original, both of one length. */
export function compareValues(actual: ArrayLike<number>, original: ArrayLike<number>): ErrorMetrics {
  if (actual.length !== original.length)
    throw new RangeError(`${actual.length} values cannot be compared with ${original.length}.`)
  let largest = 0
  let differences = 0
  let power = 0
  let actualPower = 0
  let products = 0
  for (let i = 0; i < original.length; i++) {
    const a = actual[i]!
    const b = original[i]!
    const difference = Math.abs(a - b)
    largest = Math.max(largest, difference)
    differences += difference * difference
    power += b * b
    actualPower += a * a
    products += a * b
  }
  return {
    largest,
    rms: Math.sqrt(differences / original.length),
    relativePower: differences === 0 ? 0 : differences / power,
    cosine: differences === 0 ? 1 : products / Math.sqrt(power * actualPower),
  }
}
