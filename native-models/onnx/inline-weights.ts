import { type FileHandle, open } from 'node:fs/promises'
import { writeAt } from '../write-at.ts'
import { byteLength, type TensorLayout } from './tensor-data.ts'

/** Where the small weights of a graph are kept until the graph file, which holds them, is written. */
export function inlineFile(graph: string): string {
  return `${graph}.inline`
}

/** The small weights of a graph that is being written; on the disk too, where the writing may be continued later. */
export class InlineWeights {
  readonly #path: string
  readonly #onDisk: boolean
  readonly #bytes = new Map<string, Uint8Array>()
  #file: FileHandle | undefined
  #end = 0

  constructor(path: string, onDisk: boolean) {
    this.#path = path
    this.#onDisk = onDisk
  }

  /** Reads those that an earlier go kept, in its order. */
  async open(kept: readonly TensorLayout[]): Promise<void> {
    if (!this.#onDisk) return
    this.#file = await open(this.#path, kept.length > 0 ? 'r+' : 'w')
    for (const tensor of kept) {
      const bytes = new Uint8Array(byteLength(tensor))
      const { bytesRead } = await this.#file.read(bytes, 0, bytes.length, this.#end)
      if (bytesRead < bytes.length) throw new Error(`${this.#path} is shorter than was noted.`)
      this.#bytes.set(tensor.name, bytes)
      this.#end += bytes.length
    }
  }

  fill(tensor: TensorLayout, piece: Uint8Array, start: number): void {
    const bytes = this.#bytes.get(tensor.name) ?? new Uint8Array(byteLength(tensor))
    bytes.set(piece, start)
    this.#bytes.set(tensor.name, bytes)
  }

  bytes(tensor: TensorLayout): Uint8Array {
    return this.#bytes.get(tensor.name) ?? new Uint8Array()
  }

  /** Writes tensors that are complete. */
  async keep(tensors: readonly TensorLayout[]): Promise<void> {
    for (const tensor of tensors) {
      const bytes = this.bytes(tensor)
      if (this.#file) await writeAt(this.#file, bytes, this.#end)
      this.#end += bytes.length
    }
  }

  async sync(): Promise<void> {
    await this.#file?.datasync()
  }

  async close(): Promise<void> {
    await this.#file?.close()
    this.#file = undefined
  }
}
