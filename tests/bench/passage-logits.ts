import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { takeChunk } from '../../src-main/inference/merged-sequence.ts'
import { OwlPipeline } from '../../src-main/inference/pipeline.ts'
import { projectFolder } from './measure.ts'

const path = join(projectFolder, 'build/screenshot.png')
const picture = { hash: 'screenshot', name: 'screenshot.png', source: { path } }

/** Logits after each token of a passage (of this project's README, in plain words) that follows a picture of its window. */
export async function passageLogits(folder: string, tokens: number): Promise<Float32Array[]> {
  const pipeline = await OwlPipeline.load({ folder, device: 'cpu', threads: 0 })
  const { tokenizer, decoder, pictureRows } = pipeline
  const { width, vocabulary } = pipeline.manifest.config.decoder
  const text = (await readFile(join(projectFolder, 'README.md'), 'utf8')).replace(/[^\p{L}\p{N}.,:;?!']+/gu, ' ')
  const ids = tokenizer.encodePlain(text).slice(0, tokens)
  const rows = [...new Array<number>(pictureRows).fill(-1), ...ids]
  const visualRows = await pipeline.pictures.encode(picture)
  const sequence = { rows, pictures: [{ picture, start: 0 }], visualRows: pictureRows }
  const chunk = takeChunk(sequence, 0, rows.length, width, () => visualRows)
  const wanted = ids.map((_, at) => chunk.order![pictureRows + at]!)
  const logits = await decoder.runChunk(chunk, decoder.newCache(), wanted)
  return ids.map((_, at) => logits.subarray(at * vocabulary, (at + 1) * vocabulary))
}
