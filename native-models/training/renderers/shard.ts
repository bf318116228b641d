import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { COLOURS, ELEMENTS, GLYPHS } from './label-map.ts'
import type { Sample } from './sample.ts'
import type { Split } from './split.ts'

/** Pixels along one side of a patch of the vision encoder. */
export const PATCH = 14

/** A picture with its dense labels, whatever drew it. */
export interface LabelledPicture {
  /** [size, size, 3] RGB */
  pixels(): Uint8Array
  /** [grid, grid, 3] element, colour, glyph */
  labels(grid: number): Uint8Array
}

export interface ShardOptions {
  size: number
  seed: number
  split: Split
  source: string
}

/**
 * Writes a shard: `pictures.rgb` uint8 [N, size, size, 3], `labels.u8` uint8 [N, size/14, size/14, 3],
 * `samples.jsonl` and, when all is there, `meta.json`. It grows under a temporary name and gets its own when complete.
 */
export class ShardWriter {
  private readonly folder: string
  private readonly growing: string
  private readonly options: ShardOptions
  private readonly pictures: number
  private readonly labels: number
  private readonly lines: number
  private pictureCount = 0
  private sampleCount = 0

  /** @throws if the folder exists already or the size is no multiple of the patch */
  constructor(folder: string, options: ShardOptions) {
    if (options.size % PATCH !== 0)
      throw new Error(`A size of ${options.size} is no multiple of the patch of ${PATCH}. Choose 224 or 448.`)
    this.folder = resolve(folder)
    if (existsSync(this.folder)) throw new Error(`${this.folder} exists already. Remove it or choose another name.`)
    this.growing = `${this.folder}.growing-${process.pid}`
    this.options = options
    mkdirSync(this.growing, { recursive: true })
    this.pictures = openSync(join(this.growing, 'pictures.rgb'), 'w')
    this.labels = openSync(join(this.growing, 'labels.u8'), 'w')
    this.lines = openSync(join(this.growing, 'samples.jsonl'), 'w')
  }

  /** Appends a sample with its pictures. */
  add(sample: Omit<Sample, 'scenes'> & { scenes: LabelledPicture[] }): void {
    const numbers: number[] = []
    for (const scene of sample.scenes) {
      this.addPicture(scene.pixels(), scene.labels(this.options.size / PATCH))
      numbers.push(this.pictureCount - 1)
    }
    const { kind, text, caption, facts, boxes, questions } = sample
    writeSync(this.lines, `${JSON.stringify({ kind, pictures: numbers, text, caption, facts, boxes, questions })}\n`)
    this.sampleCount++
  }

  /** Closes the files, writes `meta.json` and gives the folder its name. */
  finish(): void {
    for (const file of [this.pictures, this.labels, this.lines]) closeSync(file)
    const { size, seed, split, source } = this.options
    const meta = {
      size,
      patch: PATCH,
      pictures: this.pictureCount,
      samples: this.sampleCount,
      elements: ELEMENTS,
      colours: COLOURS,
      glyphs: GLYPHS,
      seed,
      split,
      source,
    }
    writeFileSync(join(this.growing, 'meta.json'), `${JSON.stringify(meta, null, 2)}\n`)
    renameSync(this.growing, this.folder)
  }

  /** Removes what was written. */
  abandon(): void {
    for (const file of [this.pictures, this.labels, this.lines]) closeSync(file)
    rmSync(this.growing, { recursive: true, force: true })
  }

  private addPicture(pixels: Uint8Array, labels: Uint8Array): void {
    writeSync(this.pictures, pixels)
    writeSync(this.labels, labels)
    this.pictureCount++
  }
}
