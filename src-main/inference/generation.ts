import { buildPrompt, type PromptSegment } from '../../native-models/mplug-owl2/prompt.ts'
import { OwlError } from '../../native-models/owl-error.ts'
import type { JobOptions } from '../../native-models/progress.ts'
import { TokenStream } from '../../native-models/tokenizer/token-stream.ts'
import type { KvCache } from './kv-cache.ts'
import { type MergedSequence, mergeSegments } from './merged-sequence.ts'
import type { OwlPipeline } from './pipeline.ts'
import type {
  FinishReason,
  GenerationRequest,
  GenerationResult,
  GenerationStats,
  PictureInput,
  SamplingOptions,
} from './protocol.ts'
import { Sampler } from './sampling.ts'
import { StopTextFilter } from './stop-text.ts'

export interface GenerationJob extends JobOptions {
  /** Text to be appended to the answer, as soon as it is complete. */
  onText?: (text: string) => void
}

/**
 * Answers a conversation. A last message of the assistant is continued. Stops when asked to between two steps or
 * prefill chunks and then returns what there is, with `finish: 'cancelled'`.
 * @throws OwlError `context-full` when the conversation leaves no room for an answer; `picture-*`
 */
export async function generate(
  pipeline: OwlPipeline,
  { messages, sampling }: GenerationRequest,
  job: GenerationJob = {},
): Promise<GenerationResult> {
  const prompt = buildPrompt(messages, pipeline.manifest.prompt, pipeline.tokenizer)
  const continues = messages.at(-1)?.role === 'assistant'
  return generateFrom(pipeline, prompt, { sampling, continues }, job)
}

/**
 * The same from a prompt in tokens.
 * @param options continues: the answer goes on in the middle of a text that the prompt ends with
 */
export async function generateFrom(
  pipeline: OwlPipeline,
  prompt: readonly PromptSegment<PictureInput>[],
  { sampling, continues }: { sampling: SamplingOptions; continues: boolean },
  job: GenerationJob = {},
): Promise<GenerationResult> {
  const clock = new Clock()
  const sequence = mergeSegments(prompt, pipeline.pictureRows, pipeline.pictureNumbers)
  checkRoom(pipeline, sequence)
  const cache = pipeline.caches.take(sequence.rows)
  const stats: GenerationStats = {
    device: pipeline.execution.device,
    promptRows: sequence.rows.length,
    visualRows: sequence.visualRows,
    cachedRows: cache.length,
    contextRows: pipeline.contextRows,
    tokens: 0,
    pictureMs: 0,
    prefillMs: 0,
    firstTokenMs: 0,
    totalMs: 0,
    tokensPerSecond: 0,
  }
  const stream = new TokenStream(pipeline.tokenizer, { continues })
  const answer = new Answer(stream, new StopTextFilter(sampling.stopTexts), job.onText)
  let finish: FinishReason | undefined
  try {
    const visualRows = await encodePictures(pipeline, sequence, cache, job)
    stats.pictureMs = clock.ms()
    let logits = await pipeline.prefill(sequence, cache, visualRows, job)
    stats.prefillMs = clock.ms() - stats.pictureMs

    const sampler = new Sampler(sampling)
    sampler.observe(sequence.rows.filter((row) => row >= 0))
    const stopTokens = new Set(pipeline.manifest.prompt.stopTokens)
    while (finish === undefined) {
      const id = sampler.next(logits)
      if (stats.tokens++ === 0) stats.firstTokenMs = clock.ms()
      if (stopTokens.has(id)) finish = 'stop'
      else if (answer.push(id)) finish = 'stop-text'
      else if (stats.tokens >= sampling.maxTokens || cache.length >= pipeline.contextRows) finish = 'length'
      else if (job.signal?.aborted) finish = 'cancelled'
      else logits = await pipeline.decoder.step(id, cache)
    }
  } catch (error) {
    if (!(error instanceof OwlError && error.code === 'cancelled')) throw error
    finish = 'cancelled'
  } finally {
    pipeline.caches.trim()
  }
  answer.finish(finish)
  stats.totalMs = clock.ms()
  const decodeMs = stats.totalMs - stats.firstTokenMs
  stats.tokensPerSecond = stats.tokens > 1 && decodeMs > 0 ? ((stats.tokens - 1) * 1000) / decodeMs : 0
  return { text: answer.text, finish, stats }
}

/** Nothing is computed for a conversation that the model cannot hold, and nothing of it is left out. */
export function checkRoom(pipeline: OwlPipeline, sequence: MergedSequence): void {
  const needed = sequence.rows.length + 1
  if (needed > pipeline.contextRows) {
    const pictures = sequence.pictures.length
    throw new OwlError(
      'context-full',
      `The conversation needs ${needed} rows (${sequence.visualRows} of them for ${pictures} ` +
        `${pictures === 1 ? 'picture' : 'pictures'}, 1 for an answer), and ${pipeline.manifest.title} holds ${pipeline.contextRows}.`,
    )
  }
}

/** Visual rows of the pictures that have rows beyond the cache. */
export async function encodePictures(
  pipeline: OwlPipeline,
  sequence: MergedSequence,
  cache: KvCache,
  job: JobOptions,
): Promise<(Float32Array | undefined)[]> {
  const visualRows: (Float32Array | undefined)[] = []
  const total = sequence.pictures.length
  for (const [index, { picture, start }] of sequence.pictures.entries()) {
    const isCached = start + pipeline.pictureRows <= cache.length
    if (job.signal?.aborted) throw new OwlError('cancelled', 'The request was stopped.')
    visualRows.push(isCached ? undefined : await pipeline.pictures.encode(picture))
    job.onProgress?.({ stage: 'seeing', done: index + 1, total, unit: 'items' })
  }
  return visualRows
}

/** Tokens of an answer on their way to text: characters completed, stop texts held back. */
class Answer {
  text = ''
  readonly #stream: TokenStream
  readonly #filter: StopTextFilter
  readonly #onText: GenerationJob['onText']

  constructor(stream: TokenStream, filter: StopTextFilter, onText: GenerationJob['onText']) {
    this.#stream = stream
    this.#filter = filter
    this.#onText = onText
  }

  /** @returns whether a stop text was met */
  push(id: number): boolean {
    const { text, stopped } = this.#filter.push(this.#stream.push(id))
    this.#show(text)
    return stopped
  }

  /** Shows what was held back, unless it is the text that ended the answer. */
  finish(reason: FinishReason): void {
    if (reason === 'stop-text') return
    const { text } = this.#filter.push(this.#stream.flush())
    this.#show(text + this.#filter.flush())
  }

  #show(text: string): void {
    if (text === '') return
    this.text += text
    this.#onText?.(text)
  }
}

class Clock {
  readonly #start = performance.now()

  ms(): number {
    return performance.now() - this.#start
  }
}
