/**
 * Seeded pseudo-random numbers (mulberry32), so that a shard is a pure function of its seed.
 */
export class Random {
  private state: number

  /** @param seed any integers; the same list gives the same sequence. */
  constructor(...seed: number[]) {
    let state = 0x9e3779b9
    for (const part of seed) {
      state = Math.imul(state ^ part, 0x85ebca6b)
      state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35) ^ (state >>> 16)
    }
    this.state = state >>> 0
  }

  /** A number in [0, 1). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }

  /** An integer in [low, high], both included. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1))
  }

  /** A number in [low, high). */
  between(low: number, high: number): number {
    return low + this.next() * (high - low)
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.next() < probability
  }

  /** One item; throws on an empty list because a silent `undefined` would end up in a picture. */
  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new Error('Cannot pick from an empty list: pass at least one item.')
    return items[Math.floor(this.next() * items.length)] as T
  }

  /** A shuffled copy. */
  shuffle<T>(items: readonly T[]): T[] {
    const copy = items.slice()
    for (let i = copy.length - 1; i > 0; i--) {
      const j = this.integer(0, i)
      ;[copy[i], copy[j]] = [copy[j] as T, copy[i] as T]
    }
    return copy
  }

  /** `count` different items in random order. */
  sample<T>(items: readonly T[], count: number): T[] {
    return this.shuffle(items).slice(0, count)
  }
}
