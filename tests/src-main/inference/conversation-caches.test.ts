import { describe, expect, it } from 'vitest'
import { readConfig } from '../../../native-models/mplug-owl2/config.ts'
import { boundOfCaches, ConversationCaches } from '../../../src-main/inference/conversation-caches.ts'
import { KvCache } from '../../../src-main/inference/kv-cache.ts'

const shape = { layers: 1, keyHeads: 1, headWidth: 1 }

/** Appends the rows that a conversation lacks, as a prefill would. */
function fill(cache: KvCache, rows: number[]) {
  const missing = rows.slice(cache.length)

  cache.append(missing, Float32Array.from([...missing, ...missing]))
}

/** Takes, fills and trims as a request does; tells how many rows were there. */
function ask(caches: ConversationCaches, rows: number[]): number {
  const cache = caches.take(rows) as KvCache
  const cached = cache.length
  expect([...cache.keysOf(0)]).toEqual(rows.slice(0, cached))
  fill(cache, rows)
  caches.trim()
  return cached
}

const conversation = (start: number, length: number) => Array.from({ length }, (_, i) => start + i)

describe('conversation caches', () => {
  it('continues a conversation where it ended', () => {
    const caches = new ConversationCaches(() => new KvCache(shape), 2 ** 20)
    expect(ask(caches, conversation(0, 50))).toBe(0)
    expect(ask(caches, conversation(0, 80))).toBe(50)
  })

  it('always leaves the last row to be computed', () => {
    const caches = new ConversationCaches(() => new KvCache(shape), 2 ** 20)
    ask(caches, conversation(0, 50))
    expect(ask(caches, conversation(0, 50))).toBe(49)
    expect(ask(caches, conversation(0, 30))).toBe(29)
  })

  it('keeps two conversations that take turns', () => {
    const caches = new ConversationCaches(() => new KvCache(shape), 2 ** 20)
    ask(caches, conversation(0, 50))
    ask(caches, conversation(1000, 50))
    expect(ask(caches, conversation(0, 60))).toBe(50)
    expect(ask(caches, conversation(1000, 60))).toBe(50)
  })

  it('lets a chat with the same system text start from it without harm to the first', () => {
    const caches = new ConversationCaches(() => new KvCache(shape), 2 ** 20)
    const system = conversation(0, 10)
    ask(caches, [...system, ...conversation(1000, 50)])
    expect(ask(caches, [...system, ...conversation(2000, 50)])).toBe(10)
    expect(ask(caches, [...system, ...conversation(1000, 60)])).toBe(60)
  })

  it('lets go of the conversation unused for longest when memory is short, never of the one in use', () => {
    const caches = new ConversationCaches(() => new KvCache(shape), 2 * 2 * 128 * 4)
    for (const start of [0, 1000, 2000]) ask(caches, conversation(start, 100))
    expect(ask(caches, conversation(1000, 110))).toBe(100)
    expect(ask(caches, conversation(0, 110))).toBe(0)
    const small = new ConversationCaches(() => new KvCache(shape), 1)
    ask(small, conversation(0, 100))
    expect(ask(small, conversation(0, 110))).toBe(100)
  })

  it('makes room for a conversation before it is read', () => {
    const row = 2 * 4
    const caches = new ConversationCaches(() => new KvCache(shape), 1024 * row)
    const first = caches.take(conversation(0, 640))
    fill(first as KvCache, conversation(0, 640))
    caches.trim()
    caches.take(conversation(1000, 640))
    // The first has left.
    expect(caches.take(conversation(0, 640)).length).toBe(0)
  })

  it('knows the logits after a prompt until another takes its place', () => {
    const caches = new ConversationCaches(() => new KvCache(shape), 2 ** 20)
    const prompt = conversation(0, 50)
    const cache = caches.take(prompt)
    fill(cache as KvCache, prompt)
    const logits = Float32Array.of(1, 2)
    caches.noteLogits(cache, logits)
    logits[0] = 9
    fill(cache as KvCache, conversation(0, 200))
    // Its answer is longer than itself, so that it is kept beside.
    const again = caches.take(prompt)
    expect(again).not.toBe(cache)
    expect(caches.logitsOf(again, 50)).toEqual(Float32Array.of(1, 2))
    fill(again as KvCache, conversation(0, 60))
    expect(caches.logitsOf(caches.take(prompt), 50)).toEqual(Float32Array.of(1, 2))
    expect(caches.logitsOf(caches.take(conversation(0, 70)), 70)).toBeUndefined()
    // Other rows in its place.
    const other = [...conversation(0, 49), 900]
    for (const each of [caches.take(other), caches.take(other)]) fill(each as KvCache, other)
    expect(caches.logitsOf(caches.take(other), 50)).toBeUndefined()
  })

  it('finds a cache that has all of some rows, and leaves it as it is', () => {
    const caches = new ConversationCaches(() => new KvCache(shape), 2 ** 20)
    ask(caches, conversation(0, 50))
    expect(caches.holding(conversation(0, 30))?.length).toBe(50)
    expect(caches.holding(conversation(0, 51))).toBeUndefined()
  })

  it('has room for two full conversations of a small model, and a gibibyte for a large one', () => {
    const published = readConfig({ visual_config: {} }).decoder
    expect(boundOfCaches(published)).toBe(2 ** 30)
    const mini = { ...published, layers: 30, keyHeads: 3, headWidth: 64, context: 2048 }
    expect(boundOfCaches(mini)).toBe(2 * 2 * 30 * 3 * 64 * 2048 * 4)
  })
})
