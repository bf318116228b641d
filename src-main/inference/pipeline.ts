import { join } from 'node:path'
import { readManifest } from '../../native-models/install/installed-models.ts'
import { graphFiles, type Manifest, tokenizerFile } from '../../native-models/install/manifest.ts'
import { OwlError } from '../../native-models/owl-error.ts'
import type { JobOptions } from '../../native-models/progress.ts'
import { Tokenizer } from '../../native-models/tokenizer/tokenizer.ts'
import { chunkRowsOf } from './chunk-rows.ts'
import { boundOfCaches, ConversationCaches } from './conversation-caches.ts'
import { Decoder } from './decoder.ts'
import { DeviceDecoder } from './device-decoder.ts'
import { DeviceMemory } from './device-memory.ts'
import { type MergedSequence, PictureNumbers, takeChunk } from './merged-sequence.ts'
import { PictureEncoder } from './picture-encoder.ts'
import type { LoadedModel, LoadOptions } from './protocol.ts'
import { type Execution, providers } from './providers.ts'
import type { RowCache } from './row-cache.ts'
import type { RowDecoder } from './row-decoder.ts'
import { chooseExecution, onProcessor, openDeviceSession, openPromptSession, openSession } from './session.ts'

/** An installed model, ready to run: picture -> vision encoder -> visual abstractor -> decoder. */
export class OwlPipeline {
  readonly manifest: Manifest
  readonly tokenizer: Tokenizer
  readonly pictures: PictureEncoder
  readonly decoder: RowDecoder
  readonly caches: ConversationCaches
  readonly pictureNumbers = new PictureNumbers()
  readonly execution: Execution
  /** Rows of one prefill chunk. */
  chunkRows: number

  constructor(parts: Pick<OwlPipeline, 'manifest' | 'tokenizer' | 'pictures' | 'decoder' | 'execution'>) {
    this.manifest = parts.manifest
    this.tokenizer = parts.tokenizer
    this.pictures = parts.pictures
    this.decoder = parts.decoder
    this.execution = parts.execution
    const { decoder } = parts.manifest.config
    this.chunkRows = chunkRowsOf(decoder)
    this.caches = new ConversationCaches(() => this.decoder.newCache(), boundOfCaches(decoder))
  }

  /** @throws OwlError `model-not-found`, `model-damaged`, `model-load-failed`, `device-unavailable` */
  static async load(options: LoadOptions, job: JobOptions = {}): Promise<OwlPipeline> {
    const execution = chooseExecution(options)
    const manifest = await readManifest(options.folder)
    const total = Object.keys(graphFiles).length + 1
    const report = (done: number) => job.onProgress?.({ stage: 'loading', done, total, unit: 'items' })
    report(0)
    const tokenizer = await Tokenizer.load(join(options.folder, tokenizerFile))
    report(1)
    const { config } = manifest
    const open = (graph: keyof typeof graphFiles, device = execution.device) =>
      device === 'cpu'
        ? openSession(join(options.folder, graphFiles[graph]), { ...execution, device })
        : openDeviceSession(options.folder, graph, execution, config)
    const decodes = execution.device !== 'cpu' && providers[execution.device].runs === 'everything'
    const decoder = decodes
      ? new DeviceDecoder(
          await open('decoder'),
          await DeviceMemory.open(config.decoder, execution),
          config.decoder,
          execution.longAttention,
        )
      : new Decoder(
          await open('decoder', 'cpu'),
          config.decoder,
          options.manyQuestions ? await openPrompts(options.folder, manifest, options.threads) : undefined,
        )
    report(2)
    const vision = await open('visionEncoder')
    report(3)
    const abstractor = await open('visualAbstractor')
    report(4)
    return new OwlPipeline({
      manifest,
      tokenizer,
      pictures: new PictureEncoder(vision, abstractor, manifest.picture, execution.device),
      decoder,
      execution,
    })
  }

  get contextRows(): number {
    return this.manifest.config.decoder.context
  }

  /** Visual rows of one picture: a row a query, and the end vector. */
  get pictureRows(): number {
    return this.manifest.config.abstractor.queries + 1
  }

  describe(loadMs: number): LoadedModel {
    const { name, title } = this.manifest
    const { contextRows, pictureRows } = this
    const bytePrompts = this.decoder instanceof Decoder && this.decoder.hasPromptSession
    return { name, title, device: this.execution.device, contextRows, pictureRows, loadMs, bytePrompts }
  }

  /**
   * Runs, in chunks, the rows of a conversation that the cache does not hold yet.
   * @param visualRows of each picture of the sequence, [queries + 1, width]; only of those not in the cache
   * @returns logits of the last row, [vocabulary]
   * @throws OwlError `cancelled` between two chunks
   */
  async prefill(
    sequence: MergedSequence,
    cache: RowCache,
    visualRows: readonly (Float32Array | undefined)[],
    job: JobOptions = {},
  ): Promise<Float32Array> {
    const first = cache.length
    const total = sequence.rows.length - first
    cache.expect?.(sequence.rows.length)
    let logits: Float32Array = new Float32Array(0)
    while (cache.length < sequence.rows.length) {
      if (job.signal?.aborted) throw new OwlError('cancelled', 'The request was stopped.')
      const end = Math.min(cache.length + this.chunkRows, sequence.rows.length)
      const chunk = takeChunk(sequence, cache.length, end, this.manifest.config.decoder.width, (n) => visualRows[n]!)
      const lastRow = chunk.rows.length - 1
      const isLast = end === sequence.rows.length
      logits = await this.decoder.runChunk(chunk, cache, isLast ? [chunk.order?.[lastRow] ?? lastRow] : [])
      job.onProgress?.({ stage: 'reading', done: cache.length - first, total, unit: 'rows' })
    }
    return logits
  }

  /** Runs every graph once on nothing in particular, so that the first question is not slower than the second. */
  async warmUp(interrupted: () => boolean): Promise<void> {
    const { size } = this.manifest.picture
    const cache = this.decoder.newCache()
    const id = this.manifest.prompt.stopTokens[0]!
    await this.prefill({ rows: [id, id], pictures: [], visualRows: 0 }, cache, [])
    await this.decoder.step(id, cache)
    cache.release?.()
    if (interrupted()) return
    await this.pictures.encodePixels(new Float32Array(3 * size * size))
  }
}

/** The decoder's session for prompts, of a model in blocks of few bits; see `openPromptSession`. */
async function openPrompts(folder: string, { config, precision }: Manifest, threads: number) {
  if (precision.decoder === 'f32' || precision.decoder === 'f16') return undefined
  const session = await openPromptSession(folder, onProcessor(threads), config)
  // What it was made of weighs little to the engine, which would let it lie.
  if (session) globalThis.gc?.()
  return session
}
