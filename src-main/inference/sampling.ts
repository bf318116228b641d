import { OwlError } from '../../native-models/owl-error.ts'
import type { SamplingOptions } from './protocol.ts'

/** Logits this far below the largest weigh less than 1e-13 of it and are left out of sums. */
const negligible = 30

/**
 * Draws uniform numbers in [0, 1) from a 32-bit seed; the same seed draws the same numbers on every machine.
 * Source: mulberry32 by Tommy Ettinger (public domain).
 */
export function seededRandom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** The index of the largest logit; the first one among equals. */
export function argmax(logits: Float32Array): number {
  let best = 0
  let largest = logits[0]!
  for (let id = 1; id < logits.length; id++) {
    if (logits[id]! > largest) {
      largest = logits[id]!
      best = id
    }
  }
  return best
}

/**
 * Chooses tokens. In this order: repetition penalty, temperature, top-k, top-p, min-p; as Hugging Face's
 * logits processors do, so that published settings mean the same here.
 */
export class Sampler {
  readonly #options: SamplingOptions
  readonly #random: () => number
  readonly #seen = new Set<number>()
  #weights = new Float64Array(0)

  constructor(options: SamplingOptions) {
    this.#options = options
    this.#random = options.seed === undefined ? Math.random : seededRandom(options.seed)
  }

  /** Tells of tokens of the conversation, which the repetition penalty is for. */
  observe(ids: Iterable<number>): void {
    if (this.#options.repetitionPenalty === 1) return
    for (const id of ids) this.#seen.add(id)
  }

  /**
   * @param logits of one row, [vocabulary]; changed in place by the repetition penalty
   * @throws OwlError `answer-not-finite`
   */
  next(logits: Float32Array): number {
    const { temperature, repetitionPenalty } = this.#options
    if (repetitionPenalty !== 1) {
      for (const id of this.#seen) {
        const logit = logits[id]!
        logits[id] = logit > 0 ? logit / repetitionPenalty : logit * repetitionPenalty
      }
    }
    const best = argmax(logits)
    if (!Number.isFinite(logits[best])) throw notFinite()
    const id = temperature === 0 ? best : this.#draw(logits, logits[best]!)
    if (repetitionPenalty !== 1) this.#seen.add(id)
    return id
  }

  #draw(logits: Float32Array, largest: number): number {
    const { topK, topP, minP } = this.#options
    const weights = this.#weigh(logits, largest)
    let total = 0
    for (let id = 0; id < weights.length; id++) total += weights[id]!
    if (!Number.isFinite(total)) throw notFinite()
    if (topK === 0 && topP === 1 && minP === 0) return this.#pick(weights.keys(), weights, total)

    // The largest weight is 1, so min-p is a bound on the weight itself.
    let ids = topK > 0 || topP < 1 ? mostProbable(weights, topK, topP * total) : heavierThan(weights, minP)
    if (topK > 0 && ids.length > topK) ids.length = topK
    if (topK > 0) total = sum(ids, weights)
    if (topP < 1) ids.length = countToReach(topP * total, ids, weights)
    if (minP > 0) ids = ids.filter((id) => weights[id]! >= minP)
    return this.#pick(ids, weights, sum(ids, weights))
  }

  /** Unnormalised probabilities; that of the largest logit is 1. */
  #weigh(logits: Float32Array, largest: number): Float64Array {
    const { temperature } = this.#options
    const floor = largest - negligible * temperature
    if (this.#weights.length !== logits.length) this.#weights = new Float64Array(logits.length)
    for (let id = 0; id < logits.length; id++) {
      this.#weights[id] = logits[id]! < floor ? 0 : Math.exp((logits[id]! - largest) / temperature)
    }
    return this.#weights
  }

  /** Draws one of the ids, each as likely as its share of the total weight. */
  #pick(ids: Iterable<number>, weights: Float64Array, total: number): number {
    let left = this.#random() * total
    let last = 0
    for (const id of ids) {
      if (weights[id] === 0) continue
      left -= weights[id]!
      last = id
      if (left < 0) break
    }
    return last
  }
}

/** Of numbers that overflowed any token would be as good as another. */
function notFinite(): OwlError {
  return new OwlError(
    'answer-not-finite',
    'The model computed numbers beyond what can be told apart, so it has no answer.',
  )
}

/**
 * Ids from the most probable on: at least `count` of them where it is not 0, or else enough to reach `mass`.
 * Sorting the whole vocabulary is avoided: a bound falls until enough ids lie above it, and only those are sorted.
 */
function mostProbable(weights: Float64Array, count: number, mass: number): number[] {
  for (let bound = 0.1; ; bound /= 4) {
    const isLowest = bound < Math.exp(-negligible)
    const ids = heavierThan(weights, isLowest ? Number.MIN_VALUE : bound)
    const isEnough = count > 0 ? ids.length >= count : sum(ids, weights) >= mass
    if (isEnough || isLowest) return ids.sort((a, b) => weights[b]! - weights[a]!)
  }
}

function heavierThan(weights: Float64Array, bound: number): number[] {
  const ids: number[] = []
  for (let id = 0; id < weights.length; id++) if (weights[id]! >= bound) ids.push(id)
  return ids
}

/** How many ids from the first on it takes to reach a mass; at least one. */
function countToReach(mass: number, ids: readonly number[], weights: Float64Array): number {
  let reached = 0
  let count = 0
  while (count < ids.length && (count === 0 || reached < mass)) reached += weights[ids[count++]!]!
  return count
}

function sum(ids: readonly number[], weights: Float64Array): number {
  let total = 0
  for (const id of ids) total += weights[id]!
  return total
}
