import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { graphFiles, type Manifest } from '../../native-models/install/manifest.ts'
import { openSource } from '../../native-models/install/source-checkpoint.ts'
import { writeGraphs } from '../../native-models/mplug-owl2/write-graphs.ts'
import { Tokenizer } from '../../native-models/tokenizer/tokenizer.ts'
import { Decoder } from '../../src-main/inference/decoder.ts'
import { DeviceDecoder } from '../../src-main/inference/device-decoder.ts'
import { DeviceMemory } from '../../src-main/inference/device-memory.ts'
import { PictureEncoder } from '../../src-main/inference/picture-encoder.ts'
import { OwlPipeline } from '../../src-main/inference/pipeline.ts'
import type { Execution } from '../../src-main/inference/providers.ts'
import { onProcessor, openDeviceSession, openSession } from '../../src-main/inference/session.ts'
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

  /** @param execution where its graphs run; the processor where left out */
  static async install(checkpointFolder: string, execution: Execution = onProcessor(0)): Promise<TappedModel> {
    const folder = await mkdtemp(join(tmpdir(), 'owl-parity-'))
    const { checkpoint, config, picture, tokenizer } = await openSource(checkpointFolder)
    const precision = { vision: 'f32', abstractor: 'f32', decoder: 'f32', embedding: 'f32' } as const
    await writeGraphs(checkpoint, config, { folder, precision, maxFileBytes: 2 ** 30, taps: true })
    await checkpoint.close()
    const seenPictures = new VisualRowCache()
    const open = (graph: keyof typeof graphFiles) =>
      execution.device === 'cpu'
        ? openSession(join(folder, graphFiles[graph]), execution)
        : openDeviceSession(folder, graph, execution, config, true)
    const pipeline = new OwlPipeline({
      // What a pipeline needs of a manifest; there is no installed model around these graphs.
      manifest: { title: 'the reference', config, picture, prompt: tokenizer.prompt } as Manifest,
      tokenizer: Tokenizer.fromJson(tokenizer.json),
      pictures: new PictureEncoder(
        await open('visionEncoder'),
        await open('visualAbstractor'),
        picture,
        execution.device,
        seenPictures,
      ),
      decoder:
        execution.device === 'cpu'
          ? new Decoder(await open('decoder'), config.decoder)
          : new DeviceDecoder(
              await open('decoder'),
              await DeviceMemory.open(config.decoder, execution),
              config.decoder,
              execution.longAttention,
            ),
      execution,
    })
    const { bos_token_id: bosId } = JSON.parse(await readFile(join(checkpointFolder, 'config.json'), 'utf8'))
    return new TappedModel({ pipeline, seenPictures, bosId }, folder)
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true })
  }
}
