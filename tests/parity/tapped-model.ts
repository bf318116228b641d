import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openCheckpoint } from '../../native-models/checkpoint/open-checkpoint.ts'
import { graphFiles, type Manifest } from '../../native-models/install/manifest.ts'
import { readConfig } from '../../native-models/mplug-owl2/config.ts'
import { writeGraphs } from '../../native-models/mplug-owl2/write-graphs.ts'
import { Tokenizer } from '../../native-models/tokenizer/tokenizer.ts'
import { importTokenizer } from '../../native-models/tokenizer/tokenizer-import.ts'
import { Decoder } from '../../src-main/inference/decoder.ts'
import { PictureEncoder } from '../../src-main/inference/picture-encoder.ts'
import { OwlPipeline } from '../../src-main/inference/pipeline.ts'
import { openSession } from '../../src-main/inference/session.ts'
import { VisualRowCache } from '../../src-main/inference/visual-rows.ts'

/** A checkpoint in float32 whose graphs also return the states inside them. */
export class TappedModel {
  readonly pipeline: OwlPipeline
  /** Where the encoder looks for pictures: filled with the reference's rows, no picture is ever read. */
  readonly seenPictures: VisualRowCache
  /** Of the checkpoint's config.json. */
  readonly bosId: number | undefined
  readonly #folder: string

  private constructor(parts: Pick<TappedModel, 'pipeline' | 'seenPictures' | 'bosId'>, folder: string) {
    this.pipeline = parts.pipeline
    this.seenPictures = parts.seenPictures
    this.bosId = parts.bosId
    this.#folder = folder
  }

  static async install(checkpointFolder: string): Promise<TappedModel> {
    const folder = await mkdtemp(join(tmpdir(), 'owl-parity-'))
    const configJson = JSON.parse(await readFile(join(checkpointFolder, 'config.json'), 'utf8'))
    const config = readConfig(configJson)
    const checkpoint = await openCheckpoint(checkpointFolder)
    const precision = { vision: 'f32', abstractor: 'f32', decoder: 'f32', embedding: 'f32' } as const
    await writeGraphs(checkpoint, config, { folder, precision, maxFileBytes: 2 ** 30, taps: true })
    await checkpoint.close()
    const { json, prompt } = await importTokenizer(checkpointFolder)
    const seenPictures = new VisualRowCache()
    const execution = { device: 'cpu' as const, threads: 0 }
    const open = (graph: keyof typeof graphFiles) => openSession(join(folder, graphFiles[graph]), execution)
    const size = config.vision.imageSize
    const manifest = { title: 'reference', config, prompt, picture: { size } } as Manifest
    const pipeline = new OwlPipeline({
      manifest,
      tokenizer: Tokenizer.fromJson(json),
      pictures: new PictureEncoder(
        await open('visionEncoder'),
        await open('visualAbstractor'),
        manifest.picture,
        seenPictures,
      ),
      decoder: new Decoder(await open('decoder'), config.decoder),
      execution,
    })
    return new TappedModel({ pipeline, seenPictures, bosId: configJson.bos_token_id }, folder)
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true })
  }
}
