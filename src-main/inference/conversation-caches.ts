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
  readonly #make: () => RowCache
  readonly #maxBytes: number
  /** The one used last is at the end. */
  readonly #caches: RowCache[] = []

  /**
   * @param make an empty cache
   * @param maxBytes bound on all caches together
   */
  constructor(make: () => RowCache, maxBytes: number) {
    this.#make = make
    this.#maxBytes = maxBytes
  }

  /**
   * The cache that has most of a conversation's beginning, cut to what is the same.
   * The last row is always left to be computed, as its logits are needed.
   */
  take(rows: readonly number[]): RowCache {
    let best: RowCache | undefined
    let shared = 0
    for (const cache of this.#caches) {
      const prefix = Math.min(commonPrefix(cache.rows, rows), rows.length - 1)
      if (prefix > shared) {
        best = cache
        shared = prefix
      }
    }
    // A conversation that would lose more than it shares (two chats with the same system text) is left as it is.
    const cache = best && best.length - shared > shared ? best.copyPrefix?.(shared) : best
    cache?.truncate(shared)
    return this.#use(cache ?? this.#make())
  }

  /** Lets go of the oldest caches until the bound is held. To be called after a cache has grown. */
  trim(): void {
    let bytes = this.#caches.reduce((sum, cache) => sum + cache.bytes, 0)
    while (bytes > this.#maxBytes && this.#caches.length > 1) {
      const oldest = this.#caches.shift()!
      bytes -= oldest.bytes
      oldest.release?.()
    }
  }

  #use(cache: RowCache): RowCache {
    const index = this.#caches.indexOf(cache)
    if (index >= 0) this.#caches.splice(index, 1)
    this.#caches.push(cache)
    return cache
  }
}
