import { readFile } from 'node:fs/promises'
import onnxProto from 'onnx-proto'
import { OwlError } from '../owl-error.ts'
import type { InitialiserProto } from './model-file.ts'
import { type ElementType, elementTypes } from './tensor-data.ts'

const { onnx } = onnxProto

/** How a matrix in blocks is stored, as the operator that multiplies by it tells. */
export interface BlockFormat {
  bits: number
  blockSize: number
}

const typeNames = new Map<number, ElementType>(
  Object.entries(elementTypes).map(([name, { onnx }]) => [onnx, name as ElementType]),
)

/** The weights of a graph file: where each lies, and in which form. The weights themselves are not read. */
export class InstalledGraph {
  readonly #initialisers: ReadonlyMap<string, InitialiserProto>
  readonly #formats: ReadonlyMap<string, BlockFormat>

  private constructor(initialisers: ReadonlyMap<string, InitialiserProto>, formats: ReadonlyMap<string, BlockFormat>) {
    this.#initialisers = initialisers
    this.#formats = formats
  }

  /** @throws OwlError `model-damaged` */
  static async open(file: string): Promise<InstalledGraph> {
    try {
      const { graph } = onnx.ModelProto.decode(await readFile(file))
      const initialisers = new Map((graph?.initializer ?? []).map((tensor) => [tensor.name ?? '', tensor]))
      const formats = new Map<string, BlockFormat>()
      for (const { opType, input, attribute } of graph?.node ?? []) {
        if (opType !== 'MatMulNBits') continue
        const value = (name: string) => Number(attribute?.find((candidate) => candidate.name === name)?.i)
        formats.set(input?.[1] ?? '', { bits: value('bits'), blockSize: value('block_size') })
      }
      return new InstalledGraph(initialisers, formats)
    } catch (cause) {
      throw new OwlError('model-damaged', `${file} cannot be read: ${(cause as Error).message}.`, { cause })
    }
  }

  has(name: string): boolean {
    return this.#initialisers.has(name)
  }

  /** @throws OwlError `model-damaged` where the graph has no such weight */
  layout(name: string): { type: ElementType; shape: number[] } {
    const { dataType, dims } = this.initialiser(name)
    return { type: typeNames.get(dataType ?? 0)!, shape: (dims ?? []).map(Number) }
  }

  /** Of a matrix in blocks that something is multiplied by. */
  format(packed: string): BlockFormat | undefined {
    return this.#formats.get(packed)
  }

  initialiser(name: string): InitialiserProto {
    const found = this.#initialisers.get(name)
    if (found) return found
    throw new OwlError('model-damaged', `The installed graph has no weight named ${name}.`, {
      hint: 'It was installed by another version of the program: remove the model and install it again.',
    })
  }
}
