import type { Tensor } from 'onnxruntime-node'
import type { DeviceMemory } from './device-memory.ts'
import type { CacheShape } from './kv-cache.ts'
import type { RowCache } from './row-cache.ts'

/** Slots of a new cache; it doubles when it is full, so that a long conversation is copied a few times only. */
const firstCapacity = 256

/**
 * Keys and values of a conversation on the device, in the order of positions, [1, key heads, capacity, head width] a
 * layer. The decoder writes new rows in place. How many rows there are is known here alone: to forget rows is to count
 * fewer.
 */
export class DeviceCache implements RowCache {
  readonly shape: CacheShape
  readonly rows: number[] = []
  /** `past_key.i` and `past_value.i` of the decoder graph. */
  readonly feeds: Record<string, Tensor> = {}
  /** The same buffers as `key.i` and `value.i`. */
  readonly fetches: Record<string, Tensor> = {}
  readonly #memory: DeviceMemory
  readonly #mostRows: number
  #capacity = 0

  /** @param mostRows that a conversation may have */
  constructor(shape: CacheShape, memory: DeviceMemory, mostRows: number) {
    this.shape = shape
    this.#memory = memory
    this.#mostRows = mostRows
  }

  get length(): number {
    return this.rows.length
  }

  get bytes(): number {
    return this.#bytesOf(this.#capacity)
  }

  bytesFor(rows: number): number {
    return this.#bytesOf(this.#capacityFor(rows))
  }

  /** Makes room for this many rows in all. */
  async reserve(rows: number): Promise<void> {
    if (rows <= this.#capacity) return
    const capacity = this.#capacityFor(rows)
    for (let layer = 0; layer < this.shape.layers; layer++) {
      for (const part of ['key', 'value']) {
        const grown = await this.#memory.grow(capacity, this.feeds[`past_${part}.${layer}`])
        this.feeds[`past_${part}.${layer}`] = grown
        this.fetches[`${part}.${layer}`] = grown
      }
    }
    this.#capacity = capacity
  }

  truncate(length: number): void {
    if (length < this.length) this.rows.length = length
  }

  keysOf(layer: number): Promise<Float32Array> {
    return this.#read(`past_key.${layer}`)
  }

  valuesOf(layer: number): Promise<Float32Array> {
    return this.#read(`past_value.${layer}`)
  }

  release(): void {
    for (const [name, tensor] of Object.entries(this.feeds)) {
      tensor.dispose()
      delete this.feeds[name]
    }
    for (const name of Object.keys(this.fetches)) delete this.fetches[name]
    this.#capacity = 0
    this.rows.length = 0
  }

  #capacityFor(rows: number): number {
    if (rows <= this.#capacity) return this.#capacity
    let capacity = Math.max(this.#capacity, firstCapacity)
    while (capacity < rows) capacity *= 2
    return Math.max(rows, Math.min(capacity, this.#mostRows))
  }

  #bytesOf(slots: number): number {
    const { layers, keyHeads, headWidth } = this.shape
    return 2 * layers * keyHeads * headWidth * slots * (this.#memory.numbers === 'float16' ? 2 : 4)
  }

  async #read(name: string): Promise<Float32Array> {
    const { keyHeads, headWidth } = this.shape
    const used = new Float32Array(keyHeads * this.length * headWidth)
    if (this.length === 0) return used
    const all = await this.#memory.read(this.feeds[name]!)
    for (let head = 0; head < keyHeads; head++) {
      const start = head * this.#capacity * headWidth
      used.set(all.subarray(start, start + this.length * headWidth), head * this.length * headWidth)
    }
    return used
  }
}
