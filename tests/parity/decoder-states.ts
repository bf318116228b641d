import type { RunObserver } from '../../src-main/inference/decoder.ts'

/** States inside the decoder of a whole conversation, gathered from the taps of its chunks, in the order of positions. */
export class DecoderStates {
  readonly tensors = new Map<string, Float32Array>()
  readonly #modality: readonly number[]
  readonly #layers: number

  /** @param modality of each row: 1 = visual */
  constructor(modality: readonly number[], layers: number) {
    this.#modality = modality
    this.#layers = layers
  }

  readonly observe: RunObserver = (outputs, { positions, slots }) => {
    const order = Array.from(positions, Number)
    for (const [name, { data, dims }] of Object.entries(outputs)) {
      const values = data as Float32Array
      if (/^(inputs_embeds|decoder\.)/.test(name)) this.#placeRows(name, values, dims[1]!, order)
      const layer = /^attention\.(\d+)$/.exec(name)?.[1]
      if (layer !== undefined) this.#placeAttention(Number(layer), values, dims, order, slots)
    }
  }

  #placeRows(name: string, values: Float32Array, width: number, order: readonly number[]): void {
    const rows = this.#tensor(name, this.#modality.length * width)
    for (const [row, position] of order.entries()) {
      if (position < this.#modality.length) rows.set(values.subarray(row * width, (row + 1) * width), position * width)
    }
  }

  /**
   * `attention.visual_share` [layers, rows]: what each row pays to visual rows, mean over heads; and
   * `attention.last_row` [layers, rows]: what the last row pays to each row.
   * @param weights [1, heads, new, slots + new]
   */
  #placeAttention(layer: number, weights: Float32Array, dims: readonly number[], order: number[], slots: number): void {
    const [, heads, fresh, seen] = dims as [number, number, number, number]
    const count = this.#modality.length
    const share = this.#tensor('attention.visual_share', this.#layers * count)
    const last = this.#tensor('attention.last_row', this.#layers * count)
    for (const [row, position] of order.entries()) {
      if (position >= count) continue
      let visual = 0
      for (let column = 0; column < seen; column++) {
        let weight = 0
        for (let head = 0; head < heads; head++) weight += weights[(head * fresh + row) * seen + column]! / heads
        // A slot of the cache has the number of its position; empty ones get no weight.
        const to = column < slots ? column : order[column - slots]!
        if (this.#modality[to] === 1) visual += weight
        if (position === count - 1 && weight > 0) last[layer * count + to] = weight
      }
      share[layer * count + position] = visual
    }
  }

  #tensor(name: string, length: number): Float32Array {
    const known = this.tensors.get(name)
    if (known) return known
    const made = new Float32Array(length)
    this.tensors.set(name, made)
    return made
  }
}
