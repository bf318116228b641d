import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A conversation, and what the published code made of it. */
export interface ReferenceCase {
  name: string
  file: string
  /** Questions and answers in turn, or nothing where only the raw prompt is given. `<|image|>` marks a picture. */
  turns: string[] | null
  prompt: string
  /** Names of its pictures, in order. */
  images: string[]
  /** -200 marks a picture. */
  input_ids: number[]
  /** Of each merged row: 1 = visual. */
  modality: number[]
  greedy: number[]
  text: string
  /** The best tokens of each greedy step. */
  steps: { ids: number[]; logits: number[] }[]
}

/** Expected values by tensor name, row-major. */
export type Tensors = Map<string, Float32Array>

/** A folder of expected outputs: `index.json` and the tensors of each picture and conversation. */
export class Reference {
  readonly folder: string
  readonly images: Record<string, { file: string; width: number; height: number }>
  readonly cases: ReferenceCase[]

  private constructor(folder: string, index: Pick<Reference, 'images' | 'cases'>) {
    this.folder = folder
    this.images = index.images
    this.cases = index.cases
  }

  static async open(folder: string): Promise<Reference> {
    return new Reference(folder, JSON.parse(await readFile(join(folder, 'index.json'), 'utf8')))
  }

  /** Names of the cases that a picture occurs in; the picture itself where there are none. */
  casesWith(picture: string): string[] {
    const cases = this.cases.filter(({ images }) => images.includes(picture)).map(({ name }) => name)
    return cases.length > 0 ? cases : [`picture ${picture}`]
  }

  /** Read by code of its own, so that a fault of the reader under test cannot hide itself. */
  async tensors(file: string): Promise<Tensors> {
    const bytes = await readFile(join(this.folder, file))
    const start = 8 + Number(bytes.readBigUInt64LE(0))
    const header: Record<string, { dtype: string; data_offsets: [number, number] }> = JSON.parse(
      bytes.toString('utf8', 8, start),
    )
    const tensors: Tensors = new Map()
    for (const [name, { dtype, data_offsets }] of Object.entries(header)) {
      if (name === '__metadata__') continue
      if (dtype !== 'F32') throw new Error(`${file}: ${name} is ${dtype}, not F32`)
      const own = bytes.subarray(start + data_offsets[0], start + data_offsets[1])
      tensors.set(name, new Float32Array(Uint8Array.from(own).buffer))
    }
    return tensors
  }
}
