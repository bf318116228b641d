import { open, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import onnxProto from 'onnx-proto'
import { confinedPath } from '../install/manifest.ts'
import { OwlError } from '../owl-error.ts'
import type { InitialiserProto } from './model-file.ts'
import type { BlockFormat } from './operators.ts'
import { byteLength, type ElementType, elementTypes } from './tensor-data.ts'

const { onnx } = onnxProto

const typeNames = new Map<number, ElementType>(
  Object.entries(elementTypes).map(([name, { onnx }]) => [onnx, name as ElementType]),
)

/** The weights of a graph file: where each lies, and in which form. The weights themselves are not read. */
export class InstalledGraph {
  readonly #folder: string
  readonly #initialisers: ReadonlyMap<string, InitialiserProto>
  readonly #formats: ReadonlyMap<string, BlockFormat>

  private constructor(
    folder: string,
    initialisers: ReadonlyMap<string, InitialiserProto>,
    formats: ReadonlyMap<string, BlockFormat>,
  ) {
    this.#folder = folder
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
        const bits = value('bits') === 4 ? 4 : 8
        formats.set(input?.[1] ?? '', { bits, blockSize: value('block_size'), columns: value('K') })
      }
      return new InstalledGraph(dirname(file), initialisers, formats)
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

  /**
   * How a matrix is stored in blocks; nothing where it is not. Of one that nothing is multiplied by, filling behind the
   * last column counts as columns.
   */
  blocks(matrix: string): (BlockFormat & { rows: number }) | undefined {
    const packed = `${matrix}.packed`
    if (!this.has(packed)) return undefined
    const [rows, blocks, bytes] = this.layout(packed).shape as [number, number, number]
    const bits = this.has(`${matrix}.zero_points`) ? 4 : 8
    const blockSize = (bytes * 8) / bits
    return { rows, ...(this.#formats.get(packed) ?? { bits, blockSize, columns: blocks * blockSize }) }
  }

  /**
   * The bytes of a weight.
   * @throws OwlError `model-damaged`
   */
  async read(name: string): Promise<Uint8Array> {
    const { rawData, externalData } = this.initialiser(name)
    // A copy begins where numbers of any size may.
    if (rawData && rawData.length > 0) return Uint8Array.from(rawData)
    const entry = (key: string) => externalData?.find((candidate) => candidate.key === key)?.value ?? ''
    const bytes = new Uint8Array(byteLength({ name, ...this.layout(name) }))
    const location = entry('location')
    if (!confinedPath.safeParse(location).success) {
      throw new OwlError('model-damaged', `${name} is said to lie in ${location}, outside the model's own folder.`)
    }
    const path = join(this.#folder, location)
    const file = await open(path).catch((cause) => {
      throw new OwlError('model-damaged', `${path} cannot be read: ${(cause as Error).message}.`, { cause })
    })
    const { bytesRead } = await file.read(bytes, 0, bytes.length, Number(entry('offset'))).finally(() => file.close())
    if (bytesRead < bytes.length) throw new OwlError('model-damaged', `${path} ends before ${name} does.`)
    return bytes
  }

  initialiser(name: string): InitialiserProto {
    const found = this.#initialisers.get(name)
    if (found) return found
    throw new OwlError('model-damaged', `The installed graph has no weight named ${name}.`, {
      hint: 'It was installed by another version of the program: remove the model and install it again.',
    })
  }
}
