import type { OwlConfig } from '../../native-models/mplug-owl2/config.ts'
import { cacheBytes } from './kv-cache.ts'
import { commonPrefix } from './merged-sequence.ts'
import type { RowCache } from './row-cache.ts'

/** What caches of a model may take together: two conversations that fill its context, or some twenty about a picture each. */
export function boundOfCaches(decoder: OwlConfig['decoder']): number {
  return Math.min(2 ** 30, 2 * cacheBytes(decoder, decoder.context))
}

/**
 * Caches of the conversations used lately, so that a next turn computes only what is new, also where two chats take
 * turns. The one in use is always kept; the others leave, the unused for longest first, when memory is short.
 */
export class ConversationCaches {
  /** Bound on all caches together; one that needs more has it for itself. */
  readonly maxBytes: number
  readonly #make: () => RowCache
  /** The one used last is at the end. */
  readonly #caches: RowCache[] = []
  /** How many rows the prompt read last into a cache has, and the logits of its last row. */
  readonly #prompts = new WeakMap<RowCache, { rows: number; logits: Float32Array }>()

  /** @param make an empty cache */
  constructor(make: () => RowCache, maxBytes: number) {
    this.#make = make
    this.maxBytes = maxBytes
  }

  /**
   * The cache that has most of a conversation's beginning, cut to what is the same, with room in memory for the rest.
   * The last row is left to be computed, as its logits are needed, unless they are known (see `logitsOf`).
   */
  take(rows: readonly number[]): RowCache {
    let best: RowCache | undefined
    let shared = 0
    for (const cache of this.#caches) {
      const prefix = this.#reusable(cache, rows)
      if (prefix > shared) {
        best = cache
        shared = prefix
      }
    }
    // A conversation that would lose more than it shares (two chats with the same system text) is left as it is.
    const cache = (best && best.length - shared > shared ? best.copyPrefix?.(shared) : best) ?? this.#make()
    const prompt = best && this.#prompts.get(best)
    cache.truncate(shared)
    if (prompt && prompt.rows <= cache.length) this.#prompts.set(cache, prompt)
    else this.#prompts.delete(cache)
    this.#use(cache)
    this.makeRoom(cache.bytesFor(rows.length), cache)
    return cache
  }

  /** A cache that has all of these rows, and perhaps more; it is left as it is. */
  holding(rows: readonly number[]): RowCache | undefined {
    const cache = this.#caches.find((candidate) => commonPrefix(candidate.rows, rows) === rows.length)
    return cache && this.#use(cache)
  }

  /**
   * Notes the logits after a prompt, so that one asked again right away needs no run: of a single row it would be one of
   * another kernel, which rounds differently, and the same question could have another answer.
   */
  noteLogits(cache: RowCache, logits: Float32Array): void {
    this.#prompts.set(cache, { rows: cache.length, logits: logits.slice() })
  }

  /** The logits of the last row of a prompt of so many rows, where a cache holds all of it; the caller may change them. */
  logitsOf(cache: RowCache, rows: number): Float32Array | undefined {
    const prompt = this.#prompts.get(cache)
    return cache.length === rows && prompt?.rows === rows ? prompt.logits.slice() : undefined
  }

  /** Drops a cache whose rows are of no use. */
  forget(cache: RowCache): void {
    const index = this.#caches.indexOf(cache)
    if (index >= 0) this.#caches.splice(index, 1)
    cache.release?.()
  }

  /** Lets go of the oldest caches until the bound is held. To be called after a cache has grown. */
  trim(): void {
    const last = this.#caches.at(-1)
    if (last) this.makeRoom(last.bytes, last)
  }

  /** Lets go of the oldest caches until there is room for so many bytes. @param inUse the cache that they are for */
  makeRoom(bytes: number, inUse?: RowCache): void {
    const others = this.#caches.filter((cache) => cache !== inUse)
    let sum = others.reduce((total, cache) => total + cache.bytes, bytes)
    for (const oldest of others) {
      if (sum <= this.maxBytes) break
      sum -= oldest.bytes
      this.forget(oldest)
    }
  }

  #reusable(cache: RowCache, rows: readonly number[]): number {
    const prefix = commonPrefix(cache.rows, rows)
    const isWholePrompt = prefix === rows.length && this.#prompts.get(cache)?.rows === prefix
    return isWholePrompt ? prefix : Math.min(prefix, rows.length - 1)
  }

  #use(cache: RowCache): RowCache {
    const index = this.#caches.indexOf(cache)
    if (index >= 0) this.#caches.splice(index, 1)
    this.#caches.push(cache)
    return cache
  }
}
