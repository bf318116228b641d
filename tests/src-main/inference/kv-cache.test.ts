import { describe, expect, it, vi } from 'vitest'
import { KvCache } from '../../../src-main/inference/kv-cache.ts'

const shape = { layers: 2, keyHeads: 3, headWidth: 4 }

/** What the decoder would return for rows: every number tells its layer, head, row and place. */
function outputs(rows: readonly number[], offset: number): Float32Array[] {
  return Array.from({ length: shape.layers }, (_, layer) =>
    Float32Array.from({ length: shape.keyHeads * rows.length * shape.headWidth }, (_, i) => {
      const place = i % shape.headWidth
      const row = Math.floor(i / shape.headWidth) % rows.length
      const head = Math.floor(i / shape.headWidth / rows.length)
      return offset + layer * 100_000 + head * 10_000 + rows[row]! * 10 + place
    }),
  )
}

function append(cache: KvCache, rows: number[], order?: number[]) {
  const computed = order ? rows.map((_, row) => rows[order.indexOf(row)]!) : rows
  const [keys, values] = [outputs(computed, 0), outputs(computed, 0.5)]
  const newRows = Float32Array.from(keys.flatMap((layer, index) => [...layer, ...values[index]!]))
  cache.append(rows, newRows, order && Int32Array.from(order))
}

function expectHolds(cache: KvCache, rows: number[]) {
  expect(cache.rows).toEqual(rows)
  for (let layer = 0; layer < shape.layers; layer++) {
    expect(cache.keysOf(layer)).toEqual(outputs(rows, 0)[layer])
    expect(cache.valuesOf(layer)).toEqual(outputs(rows, 0.5)[layer])
  }
  const mask = cache.feeds.past_mask!
  expect(mask.dims).toEqual([1, cache.capacity])
  expect([...(mask.data as Float32Array)].findIndex((value) => value !== 0)).toBe(
    rows.length === cache.capacity ? -1 : rows.length,
  )
  expect([...(mask.data as Float32Array).slice(rows.length)].every((value) => value < -1e6)).toBe(true)
}

const range = (start: number, end: number) => Array.from({ length: end - start }, (_, i) => start + i)

describe('KV cache', () => {
  it('begins without a slot', () => {
    const cache = new KvCache(shape)
    expect([cache.length, cache.capacity, cache.bytes]).toEqual([0, 0, 0])
    expect(cache.feeds['past_key.1']!.dims).toEqual([1, 3, 0, 4])
  })

  it('keeps rows while it grows, appended one by one and in chunks', () => {
    const cache = new KvCache(shape)
    append(cache, range(0, 5))
    for (const row of range(5, 300)) append(cache, [row])
    append(cache, range(300, 700))
    expectHolds(cache, range(0, 700))
    expect(cache.feeds['past_value.0']!.dims).toEqual([1, 3, cache.capacity, 4])
    expect(cache.bytes).toBe(2 * 2 * 3 * 4 * 4 * cache.capacity)
  })

  it('asks for memory once where it knows how many rows are to come', () => {
    const cache = new KvCache(shape)
    cache.expect(500)
    const bytes: number[] = []
    for (let start = 0; start < 500; start += 100) {
      append(cache, range(start, start + 100))
      bytes.push(cache.bytes)
      // The decoder reads no more slots than there have to be.
      expect(cache.capacity).toBeLessThan(start + 100 + 128)
      expect(cache.feeds['past_key.1']!.data.length).toBe(3 * cache.capacity * 4)
      expectHolds(cache, range(0, start + 100))
    }
    expect(new Set(bytes)).toEqual(new Set([2 * 2 * 3 * 4 * 4 * 512]))
    append(cache, range(500, 700))
    expectHolds(cache, range(0, 700))
  })

  it('puts rows of a chunk into the order of their positions', () => {
    const cache = new KvCache(shape)
    append(cache, range(0, 3))
    // Text rows 3, 4, 8 first, then the visual rows 5, 6, 7.
    append(cache, range(3, 9), [0, 1, 3, 4, 5, 2])
    expectHolds(cache, range(0, 9))
  })

  it('forgets the end and takes other rows there', () => {
    const cache = new KvCache(shape)
    append(cache, range(0, 40))
    cache.truncate(7)
    expectHolds(cache, range(0, 7))
    append(cache, range(500, 510))
    expectHolds(cache, [...range(0, 7), ...range(500, 510)])
    cache.truncate(1000)
    expect(cache.length).toBe(17)
  })

  it('is empty and usable after there was no memory to grow', () => {
    const cache = new KvCache(shape)
    append(cache, range(0, 100))
    let left = 3
    const Real = Float32Array
    const short = class extends Real {
      constructor(size: number) {
        if (size > 3 * 128 * 4 && left-- === 0) throw new RangeError('Array buffer allocation failed')
        super(size)
      }
    }
    vi.stubGlobal('Float32Array', short)
    try {
      expect(() => cache.reserve(160)).toThrow('allocation failed')
    } finally {
      vi.unstubAllGlobals()
    }
    expect([cache.length, cache.capacity, cache.bytes]).toEqual([0, 0, 0])
    append(cache, range(700, 900))
    expectHolds(cache, range(700, 900))
  })

  it('copies a prefix that lives on its own', () => {
    const cache = new KvCache(shape)
    append(cache, range(0, 200))
    const copy = cache.copyPrefix(150)
    append(copy, [900])
    cache.truncate(10)
    append(cache, [901])
    expectHolds(copy, [...range(0, 150), 900])
    expectHolds(cache, [...range(0, 10), 901])
  })
})
