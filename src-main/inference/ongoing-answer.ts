import { TokenStream } from '../../native-models/tokenizer/token-stream.ts'
import type { MergedSequence } from './merged-sequence.ts'
import type { OwlPipeline } from './pipeline.ts'
import type { FinishReason, GenerationResult, GenerationStats, SamplingOptions } from './protocol.ts'
import { Sampler } from './sampling.ts'
import { StopTextFilter } from './stop-text.ts'

export interface AnswerOptions {
  sampling: SamplingOptions
  /** The answer goes on in the middle of a text that the prompt ends with. */
  continues: boolean
  /** Called with text to be appended to the answer, as soon as it is complete. */
  onText?: (text: string) => void
}

/**
 * One answer on its way: chooses tokens from logits, makes text of them (characters completed, stop texts held back)
 * and knows when it ends. Times count from its beginning.
 */
export class OngoingAnswer {
  readonly stats: GenerationStats
  readonly #options: AnswerOptions
  readonly #sampler: Sampler
  readonly #stopTokens: ReadonlySet<number>
  readonly #stream: TokenStream
  readonly #filter: StopTextFilter
  readonly #start = performance.now()
  #text = ''
  #finish: FinishReason | undefined

  /** @param cachedRows rows of the sequence that need not be computed */
  constructor(pipeline: OwlPipeline, sequence: MergedSequence, cachedRows: number, options: AnswerOptions) {
    const { sampling, continues } = options
    this.#options = options
    this.#sampler = new Sampler(sampling)
    this.#sampler.observe(sequence.rows.filter((row) => row >= 0))
    this.#stopTokens = new Set(pipeline.manifest.prompt.stopTokens)
    this.#stream = new TokenStream(pipeline.tokenizer, { continues })
    this.#filter = new StopTextFilter(sampling.stopTexts)
    this.stats = {
      device: pipeline.execution.device,
      promptRows: sequence.rows.length,
      visualRows: sequence.visualRows,
      cachedRows,
      contextRows: pipeline.contextRows,
      tokens: 0,
      pictureMs: 0,
      prefillMs: 0,
      firstTokenMs: 0,
      totalMs: 0,
      tokensPerSecond: 0,
      runs: 0,
    }
  }

  /** To be told when the pictures of the prompt are encoded. */
  sawPictures(): void {
    this.stats.pictureMs = this.#ms()
  }

  /** To be told of each run of the decoder. */
  ran(): void {
    this.stats.runs++
  }

  /** To be told when the prompt is in the cache. */
  readPrompt(): void {
    this.stats.prefillMs = this.#ms() - this.stats.pictureMs
  }

  /** Whether the token with the largest logit is always taken, so that no other logit matters. */
  get takesBest(): boolean {
    const { temperature, repetitionPenalty } = this.#options.sampling
    return temperature === 0 && repetitionPenalty === 1
  }

  /**
   * Chooses the next token.
   * @param logits of the last row
   * @param rows of the conversation until there
   * @returns the token to be run next; nothing where the answer has come to its end
   */
  next(logits: Float32Array, rows: number): number | undefined {
    return this.take(this.#sampler.next(logits), rows)
  }

  /** The same with a token that was chosen already. */
  take(id: number, rows: number): number | undefined {
    if (this.stats.tokens++ === 0) this.stats.firstTokenMs = this.#ms()
    if (this.#stopTokens.has(id)) this.#finish = 'stop'
    else if (this.#push(id)) this.#finish = 'stop-text'
    else if (this.stats.tokens >= this.#options.sampling.maxTokens || rows >= this.stats.contextRows)
      this.#finish = 'length'
    return this.#finish === undefined ? id : undefined
  }

  /** What there is; cut off where it had not come to its end. */
  result(): GenerationResult {
    // What is held back is shown now, unless it is the text that ended the answer.
    if (this.#finish !== 'stop-text') {
      // Half a character that a limit or a stop left is no text: an answer that is continued would go on from U+FFFD.
      const { text } = this.#filter.push(this.#finish === 'stop' ? this.#stream.flush() : '')
      this.#show(text + this.#filter.flush())
    }
    const { stats } = this
    stats.totalMs = this.#ms()
    const decodeMs = stats.totalMs - stats.firstTokenMs
    stats.tokensPerSecond = stats.tokens > 1 && decodeMs > 0 ? ((stats.tokens - 1) * 1000) / decodeMs : 0
    return { text: this.#text, finish: this.#finish ?? 'cancelled', stats }
  }

  /** @returns whether a stop text was met */
  #push(id: number): boolean {
    const { text, stopped } = this.#filter.push(this.#stream.push(id))
    this.#show(text)
    return stopped
  }

  #show(text: string): void {
    if (text === '') return
    this.#text += text
    this.#options.onText?.(text)
  }

  #ms(): number {
    return performance.now() - this.#start
  }
}
