/**
 * Visual rows of pictures that were seen lately, by content hash, so that a picture is encoded once however often
 * it is asked about. Bounded by memory; the picture unused for longest leaves first.
 */
export class VisualRowCache {
  readonly #maxBytes: number
  readonly #rows = new Map<string, Float32Array>()
  #bytes = 0

  /** @param maxBytes 256 MiB hold about 250 pictures of the 8.2 B model */
  constructor(maxBytes = 256 * 2 ** 20) {
    this.#maxBytes = maxBytes
  }

  /** @returns [queries + 1, decoder width], or nothing where the picture is not kept */
  get(hash: string): Float32Array | undefined {
    const rows = this.#rows.get(hash)
    if (rows) {
      // A Map keeps the order of insertion: the one used last moves to the end.
      this.#rows.delete(hash)
      this.#rows.set(hash, rows)
    }
    return rows
  }

  set(hash: string, rows: Float32Array): void {
    this.#remove(hash)
    this.#rows.set(hash, rows)
    this.#bytes += rows.byteLength
    for (const oldest of this.#rows.keys()) {
      if (this.#bytes <= this.#maxBytes) break
      if (oldest !== hash) this.#remove(oldest)
    }
  }

  #remove(hash: string): void {
    this.#bytes -= this.#rows.get(hash)?.byteLength ?? 0
    this.#rows.delete(hash)
  }
}
