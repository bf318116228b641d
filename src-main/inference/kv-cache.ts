import { Tensor } from 'onnxruntime-node'
import type { RowCache } from './row-cache.ts'

export interface CacheShape {
  layers: number
  keyHeads: number
  headWidth: number
}

/** Memory of this many rows in 32-bit numbers. */
export function cacheBytes({ layers, keyHeads, headWidth }: CacheShape, rows: number): number {
  return 2 * layers * keyHeads * headWidth * rows * Float32Array.BYTES_PER_ELEMENT
}

/** Slots are added this many at a time: a growth copies the cache once, an unused slot costs a little at every step. */
export const bucket = 128

/** What the attention scores of an empty slot are lowered by. */
export const emptySlot = -1e9

/**
 * Keys and values of a conversation's rows, one slot a row, in the order of their positions. A layer's keys are one
 * array [key heads, capacity, head width], which the decoder reads in place: nothing is copied for a step but the
 * new rows. Slots from `length` on are empty and hidden by the mask.
 */
export class KvCache implements RowCache {
  readonly shape: CacheShape
  /** What each slot holds: a token id, or a negative number for a row of a picture (see merged-sequence.ts). */
  readonly rows: number[] = []
  /** `past_mask`, `past_key.i` and `past_value.i` of the decoder graph, over the arrays of this cache. */
  feeds: Record<string, Tensor> = {}
  #capacity!: number
  /** Slots that the arrays have memory for; those in use lie at their beginning, as if there were `capacity`. */
  #room!: number
  #expected = 0
  #keys!: Float32Array[]
  #values!: Float32Array[]
  #mask!: Float32Array

  constructor(shape: CacheShape) {
    this.shape = shape
    this.#empty()
  }

  get length(): number {
    return this.rows.length
  }

  get capacity(): number {
    return this.#capacity
  }

  get bytes(): number {
    return cacheBytes(this.shape, this.#room)
  }

  bytesFor(rows: number): number {
    return cacheBytes(this.shape, Math.max(this.#room, wholeBuckets(rows)))
  }

  expect(rows: number): void {
    this.#expected = rows
  }

  /** Makes room for this many rows in all. */
  reserve(rows: number): void {
    if (rows > this.#capacity) this.#resize(wholeBuckets(rows))
  }

  /**
   * Appends what the decoder returned for a chunk of rows.
   * @param rows what each of the new slots holds, in the order of positions
   * @param order for each new slot, the row of the chunk that belongs there; left out where the chunk is in order
   * @param newRows `new_rows` of the decoder graph: for each layer keys and then values, [key heads, rows.length, head
   *   width]
   */
  append(rows: readonly number[], newRows: Float32Array, order?: Int32Array) {
    const start = this.length
    this.reserve(start + rows.length)
    const size = newRows.length / (2 * this.shape.layers)
    for (let layer = 0; layer < this.shape.layers; layer++) {
      this.#place(newRows, 2 * layer * size, this.#keys[layer]!, start, rows.length, order)
      this.#place(newRows, (2 * layer + 1) * size, this.#values[layer]!, start, rows.length, order)
    }
    this.#mask.fill(0, start, start + rows.length)
    for (const row of rows) this.rows.push(row)
  }

  /** Forgets all rows from `length` on. */
  truncate(length: number): void {
    if (length >= this.length) return
    this.rows.length = length
    this.#mask.fill(emptySlot, length)
  }

  /** Runs `work` as if only the first `length` rows were there. */
  async withFirst<T>(length: number, work: () => Promise<T>): Promise<T> {
    this.#mask.fill(emptySlot, length)
    try {
      return await work()
    } finally {
      this.#mask.fill(0, length, this.length)
    }
  }

  /** A cache of its own that holds the first `length` rows of this one. */
  copyPrefix(length: number): KvCache {
    const copy = new KvCache(this.shape)
    copy.reserve(length)
    for (let layer = 0; layer < this.shape.layers; layer++) {
      this.#copySlots(this.#keys[layer]!, this.#capacity, copy.#keys[layer]!, copy.#capacity, length)
      this.#copySlots(this.#values[layer]!, this.#capacity, copy.#values[layer]!, copy.#capacity, length)
    }
    for (let slot = 0; slot < length; slot++) copy.rows.push(this.rows[slot]!)
    copy.#mask.fill(0, 0, length)
    return copy
  }

  /**
   * Copies keys and values of one layer.
   * @param keys [key heads, capacity, head width], values alike; at least as many slots as there are rows
   */
  copyLayer(layer: number, keys: Float32Array, values: Float32Array, capacity: number): void {
    this.#copySlots(this.#keys[layer]!, this.#capacity, keys, capacity, this.length)
    this.#copySlots(this.#values[layer]!, this.#capacity, values, capacity, this.length)
  }

  /** Keys of one layer without empty slots, [key heads, length, head width]. */
  keysOf(layer: number): Float32Array {
    return this.#used(this.#keys[layer]!)
  }

  /** Values of one layer without empty slots, [key heads, length, head width]. */
  valuesOf(layer: number): Float32Array {
    return this.#used(this.#values[layer]!)
  }

  #used(slots: Float32Array): Float32Array {
    const used = new Float32Array(this.shape.keyHeads * this.length * this.shape.headWidth)
    this.#copySlots(slots, this.#capacity, used, this.length, this.length)
    return used
  }

  #place(
    rows: Float32Array,
    first: number,
    slots: Float32Array,
    start: number,
    count: number,
    order: Int32Array | undefined,
  ): void {
    const { keyHeads, headWidth } = this.shape
    for (let head = 0; head < keyHeads; head++) {
      const from = first + head * count * headWidth
      const to = (head * this.#capacity + start) * headWidth
      if (count === 1) {
        // A plain loop, as a view for each head and layer would cost more than the copy.
        for (let i = 0; i < headWidth; i++) slots[to + i] = rows[from + i]!
      } else if (order === undefined) {
        slots.set(rows.subarray(from, from + count * headWidth), to)
      } else {
        for (let row = 0; row < count; row++) {
          const source = from + order[row]! * headWidth
          const target = to + row * headWidth
          for (let i = 0; i < headWidth; i++) slots[target + i] = rows[source + i]!
        }
      }
    }
  }

  #empty(): void {
    const none = () => Array.from({ length: this.shape.layers }, () => new Float32Array(0))
    this.rows.length = 0
    this.#keys = none()
    this.#values = none()
    this.#mask = new Float32Array(0)
    this.#capacity = 0
    this.#room = 0
    this.#makeFeeds()
  }

  /** Where memory is short, some layers have been respaced and some have not: nothing of them can be used any more. */
  #resize(capacity: number): void {
    try {
      this.#respace(capacity)
    } catch (error) {
      this.#empty()
      throw error
    }
  }

  #respace(capacity: number): void {
    for (const arrays of [this.#keys, this.#values])
      for (let layer = 0; layer < arrays.length; layer++) arrays[layer] = this.#respaced(arrays[layer]!, capacity)
    this.#room = Math.max(this.#room, this.#roomFor(capacity))
    const mask = new Float32Array(capacity).fill(emptySlot)
    mask.fill(0, 0, this.length)
    this.#mask = mask
    this.#capacity = capacity
    this.#makeFeeds()
  }

  /** A layer's slots with the heads further apart: where there is room in place, else in an array of its own. */
  #respaced(slots: Float32Array, capacity: number): Float32Array {
    const { keyHeads, headWidth } = this.shape
    if (capacity > this.#room) {
      const larger = new Float32Array(keyHeads * this.#roomFor(capacity) * headWidth)
      this.#copySlots(slots, this.#capacity, larger, capacity, this.length)
      return larger
    }
    for (let head = keyHeads - 1; head > 0; head--) {
      const start = head * this.#capacity * headWidth
      slots.copyWithin(head * capacity * headWidth, start, start + this.length * headWidth)
    }
    return slots
  }

  #roomFor(capacity: number): number {
    return Math.max(capacity, wholeBuckets(this.#expected))
  }

  #copySlots(from: Float32Array, fromCapacity: number, to: Float32Array, toCapacity: number, count: number): void {
    const { keyHeads, headWidth } = this.shape
    for (let head = 0; head < keyHeads; head++) {
      const start = head * fromCapacity * headWidth
      to.set(from.subarray(start, start + count * headWidth), head * toCapacity * headWidth)
    }
  }

  #makeFeeds(): void {
    const { layers, keyHeads, headWidth } = this.shape
    const dims = [1, keyHeads, this.#capacity, headWidth]
    const inUse = (slots: Float32Array) => slots.subarray(0, keyHeads * this.#capacity * headWidth)
    const feeds: Record<string, Tensor> = { past_mask: new Tensor('float32', this.#mask, [1, this.#capacity]) }
    for (let layer = 0; layer < layers; layer++) {
      feeds[`past_key.${layer}`] = new Tensor('float32', inUse(this.#keys[layer]!), dims)
      feeds[`past_value.${layer}`] = new Tensor('float32', inUse(this.#values[layer]!), dims)
    }
    this.feeds = feeds
  }
}

function wholeBuckets(rows: number): number {
  return Math.ceil(rows / bucket) * bucket
}
