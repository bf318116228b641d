import { describe, expect, it } from 'vitest'
import { greedy, type SamplingOptions } from '../../../src-main/inference/protocol.ts'
import { argmax, Sampler, seededRandom } from '../../../src-main/inference/sampling.ts'

const probabilities = [0.4, 0.3, 0.15, 0.1, 0.05]
const logits = () => Float32Array.from(probabilities, Math.log)

/** Draws many times and counts how often each id came. */
function shares(options: Partial<SamplingOptions>, from: () => Float32Array = logits, draws = 20_000): number[] {
  const sampler = new Sampler({ ...greedy, temperature: 1, seed: 7, ...options })
  const counts = new Array<number>(from().length).fill(0)
  for (let draw = 0; draw < draws; draw++) counts[sampler.next(from())]!++
  return counts.map((count) => count / draws)
}

function expectShares(actual: number[], expected: number[]) {
  for (const [id, share] of expected.entries()) {
    if (share === 0) expect(actual[id]).toBe(0)
    else expect(Math.abs(actual[id]! - share)).toBeLessThan(0.015)
  }
}

describe('sampling', () => {
  it('takes the first of the largest logits at temperature 0', () => {
    expect(argmax(Float32Array.of(-3, 5, 5, -Infinity))).toBe(1)
    expect(new Sampler(greedy).next(Float32Array.of(0, 1, 9, 3))).toBe(2)
  })

  it('refuses logits that are no numbers', () => {
    for (const sampling of [{}, { temperature: 1 }, { temperature: 1, topP: 0.9 }]) {
      const next =
        (...values: number[]) =>
        () =>
          new Sampler({ ...greedy, ...sampling }).next(Float32Array.from(values))
      expect(next(Number.NaN, Number.NaN)).toThrow(expect.objectContaining({ code: 'answer-not-finite' }))
      expect(next(1, Number.POSITIVE_INFINITY)).toThrow(expect.objectContaining({ code: 'answer-not-finite' }))
      expect(next(Number.NEGATIVE_INFINITY, 2)()).toBe(1)
    }
  })

  it('draws each token as often as its probability says', () => {
    expectShares(shares({}), probabilities)
  })

  it('flattens with a high temperature and sharpens with a low one', () => {
    const squared = probabilities.map((p) => p ** 2)
    const total = squared.reduce((a, b) => a + b)
    expectShares(
      shares({ temperature: 0.5 }),
      squared.map((p) => p / total),
    )
  })

  it('keeps the k most probable', () => {
    expectShares(shares({ topK: 2 }), [4 / 7, 3 / 7, 0, 0, 0])
  })

  it('keeps the fewest tokens that reach top-p, at least one', () => {
    expectShares(shares({ topP: 0.6 }), [4 / 7, 3 / 7, 0, 0, 0])
    expectShares(shares({ topP: 0.01 }), [1, 0, 0, 0, 0])
  })

  it('applies top-p to what top-k left', () => {
    // Of three tokens (0.4, 0.3, 0.15 of 0.85) the first two reach 0.8.
    expectShares(shares({ topK: 3, topP: 0.8 }), [4 / 7, 3 / 7, 0, 0, 0])
  })

  it('drops what is less probable than min-p of the first', () => {
    expectShares(shares({ minP: 0.3 }), [8 / 17, 6 / 17, 3 / 17, 0, 0])
  })

  it('draws the same from a long tail as sorting all of it would', () => {
    const random = seededRandom(3)
    const tail = Float32Array.from({ length: 5000 }, () => random() * 2)
    const order = [...tail.keys()].sort((a, b) => tail[b]! - tail[a]!)
    const kept = new Set(order.slice(0, 40))
    const drawn = shares({ topK: 40 }, () => tail.slice(), 500)
    expect(drawn.every((share, id) => share === 0 || kept.has(id))).toBe(true)

    const total = tail.reduce((sum, logit) => sum + Math.exp(logit), 0)
    let mass = 0
    let reached = 0
    while (mass < 0.5 * total) mass += Math.exp(tail[order[reached++]!]!)
    const nucleus = new Set(order.slice(0, reached))
    const inNucleus = shares({ topP: 0.5 }, () => tail.slice(), 500)
    expect(inNucleus.every((share, id) => share === 0 || nucleus.has(id))).toBe(true)
  })

  it('penalises tokens of the prompt and of the answer', () => {
    const sampler = new Sampler({ ...greedy, repetitionPenalty: 2 })
    sampler.observe([1])
    const same = () => Float32Array.of(3, 5, 2.6, -1)
    expect(sampler.next(same())).toBe(0) // 5 / 2 < 3
    expect(sampler.next(same())).toBe(2) // 3 / 2 < 2.6
    expect(sampler.next(same())).toBe(1) // all three halved: 2.5 is the largest
    const penalised = Float32Array.of(0, -1, 0, -2)
    sampler.next(penalised)
    expect(penalised[1]).toBe(-2)
  })

  it('repeats itself for the same seed and only then', () => {
    const flat = new Float32Array(1000)
    const draw = (seed?: number) => {
      const sampler = new Sampler({ ...greedy, temperature: 1, ...(seed === undefined ? {} : { seed }) })
      return Array.from({ length: 20 }, () => sampler.next(flat.slice()))
    }
    expect(draw(5)).toEqual(draw(5))
    expect(draw(5)).not.toEqual(draw(6))
    expect(draw()).not.toEqual(draw())
  })
})
