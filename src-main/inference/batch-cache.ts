import { Tensor } from 'onnxruntime-node'
import { bucket, type CacheShape, emptySlot, type KvCache } from './kv-cache.ts'

/**
 * Keys and values of several conversations that are decoded together, one below the other: a layer's keys are one array
 * [conversations, key heads, capacity, head width]. Conversations come and go; the places in use are always the first
 * ones, so that the arrays are read as they are.
 */
export class BatchCache {
  readonly #shape: CacheShape
  readonly #places: number
  /** Rows of the conversation in each place in use. */
  readonly #lengths: number[] = []
  #capacity = 0
  #keys: Float32Array[]
  #values: Float32Array[]
  #mask = new Float32Array(0)
  #feeds: Record<string, Tensor> | undefined

  /** @param places how many conversations there may be at once */
  constructor(shape: CacheShape, places: number) {
    this.#shape = shape
    this.#places = places
    this.#keys = Array.from({ length: shape.layers }, () => new Float32Array(0))
    this.#values = Array.from({ length: shape.layers }, () => new Float32Array(0))
  }

  get lengths(): readonly number[] {
    return this.#lengths
  }

  /** `past_mask`, `past_key.i` and `past_value.i` of the decoder graph, over the arrays of this cache. */
  get feeds(): Record<string, Tensor> {
    this.#feeds ??= this.#makeFeeds()
    return this.#feeds
  }

  /** Copies the rows of a conversation into the first free place. */
  add(cache: KvCache): void {
    const place = this.#lengths.length
    if (place === this.#places) throw new Error(`All ${this.#places} places are taken.`)
    this.#reserve(cache.length + 1)
    for (let layer = 0; layer < this.#shape.layers; layer++) {
      cache.copyLayer(layer, this.#at(this.#keys[layer]!, place), this.#at(this.#values[layer]!, place), this.#capacity)
    }
    this.#lengths.push(cache.length)
    this.#hideFrom(place, cache.length)
    this.#feeds = undefined
  }

  /** Frees a place; the conversation in the last place in use moves there. */
  remove(place: number): void {
    const last = this.#lengths.length - 1
    if (place < last) {
      for (const arrays of [this.#keys, this.#values]) {
        for (const array of arrays) this.#at(array, place).set(this.#at(array, last))
      }
      this.#lengths[place] = this.#lengths[last]!
      this.#hideFrom(place, this.#lengths[place]!)
    }
    this.#lengths.pop()
    this.#feeds = undefined
  }

  /**
   * Appends to each conversation the row that the decoder returned for it.
   * @param newRows `new_rows` of the decoder graph: for each layer keys and then values, [conversations, key heads, 1,
   *   head width]
   */
  append(newRows: Float32Array): void {
    const size = newRows.length / (2 * this.#shape.layers)
    for (let layer = 0; layer < this.#shape.layers; layer++) {
      this.#placeRows(newRows, 2 * layer * size, this.#keys[layer]!)
      this.#placeRows(newRows, (2 * layer + 1) * size, this.#values[layer]!)
    }
    for (const [place, length] of this.#lengths.entries()) {
      this.#mask[place * this.#capacity + length] = 0
      this.#lengths[place] = length + 1
    }
    this.#reserve(Math.max(...this.#lengths) + 1)
  }

  #placeRows(rows: Float32Array, first: number, slots: Float32Array): void {
    const { keyHeads, headWidth } = this.#shape
    let from = first
    for (const [place, length] of this.#lengths.entries()) {
      for (let head = 0; head < keyHeads; head++) {
        const to = ((place * keyHeads + head) * this.#capacity + length) * headWidth
        for (let i = 0; i < headWidth; i++) slots[to + i] = rows[from++]!
      }
    }
  }

  /** The part of a layer's array that one place has. */
  #at(array: Float32Array, place: number): Float32Array {
    const size = array.length / this.#places
    return array.subarray(place * size, (place + 1) * size)
  }

  #hideFrom(place: number, length: number): void {
    const mask = this.#at(this.#mask, place)
    mask.fill(0, 0, length)
    mask.fill(emptySlot, length)
  }

  /** Layer by layer, so that no more than one layer is there twice. */
  #reserve(rows: number): void {
    if (rows <= this.#capacity) return
    const { keyHeads, headWidth, layers } = this.#shape
    const capacity = Math.ceil(rows / bucket) * bucket
    for (const arrays of [this.#keys, this.#values]) {
      for (let layer = 0; layer < layers; layer++) {
        const larger = new Float32Array(this.#places * keyHeads * capacity * headWidth)
        for (const [place, length] of this.#lengths.entries()) {
          for (let head = place * keyHeads; head < (place + 1) * keyHeads; head++) {
            const start = head * this.#capacity * headWidth
            larger.set(arrays[layer]!.subarray(start, start + length * headWidth), head * capacity * headWidth)
          }
        }
        arrays[layer] = larger
      }
    }
    this.#capacity = capacity
    this.#mask = new Float32Array(this.#places * capacity)
    for (const [place, length] of this.#lengths.entries()) this.#hideFrom(place, length)
    this.#feeds = undefined
  }

  #makeFeeds(): Record<string, Tensor> {
    const { layers, keyHeads, headWidth } = this.#shape
    const batch = this.#lengths.length
    const inUse = (array: Float32Array) => array.subarray(0, (array.length / this.#places) * batch)
    const dims = [batch, keyHeads, this.#capacity, headWidth]
    const feeds: Record<string, Tensor> = {
      past_mask: new Tensor('float32', inUse(this.#mask), [batch, this.#capacity]),
    }
    for (let layer = 0; layer < layers; layer++) {
      feeds[`past_key.${layer}`] = new Tensor('float32', inUse(this.#keys[layer]!), dims)
      feeds[`past_value.${layer}`] = new Tensor('float32', inUse(this.#values[layer]!), dims)
    }
    return feeds
  }
}
