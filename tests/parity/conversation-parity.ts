import { buildPrompt } from '../../native-models/mplug-owl2/prompt.ts'
import { TokenStream } from '../../native-models/tokenizer/token-stream.ts'
import { rowAttention, visualShare } from '../../src-main/inference/attention-analysis.ts'
import { ConversationCaches } from '../../src-main/inference/conversation-caches.ts'
import { generateFrom } from '../../src-main/inference/generation.ts'
import {
  commonPrefix,
  type MergedSequence,
  mergeSegments,
  takeChunk,
} from '../../src-main/inference/merged-sequence.ts'
import type { OwlPipeline } from '../../src-main/inference/pipeline.ts'
import { type GenerationResult, greedy } from '../../src-main/inference/protocol.ts'
import type { RowCache } from '../../src-main/inference/row-cache.ts'
import { argmax } from '../../src-main/inference/sampling.ts'
import { DecoderStates } from './decoder-states.ts'
import type { ParityReport } from './parity-report.ts'
import { asPublished, checkPrompt, messagesOf, referencePrompt } from './prompt-parity.ts'
import type { ReferenceCase, Tensors } from './reference.ts'
import type { TappedModel } from './tapped-model.ts'

type Prompt = ReturnType<typeof referencePrompt>

/** Decoder states and logits in float32. */
const tolerance = 1e-3

/** Rows whose queries are asked for at once: one, and more than a GPU with short attention takes in one run. */
const queriedRows = [1, 40]

/** Rows at a time in which a conversation is prefilled; the outcome must not depend on it. */
const chunkSizes = [Number.POSITIVE_INFINITY, 64, 7]

/** Compares a conversation: its prompt, every state in the decoder, the cache, logits and the greedy answer. */
export class ConversationParity {
  readonly #model: TappedModel
  readonly #pipeline: OwlPipeline
  readonly #case: ReferenceCase
  readonly #expected: Tensors
  readonly #visualRows: Float32Array[]
  readonly #report: ParityReport
  readonly #sequence: MergedSequence

  /** @param visualRows by picture name */
  constructor(
    model: TappedModel,
    conversation: ReferenceCase,
    expected: Tensors,
    visualRows: ReadonlyMap<string, Float32Array>,
    report: ParityReport,
  ) {
    report.cases = [conversation.name]
    this.#model = model
    this.#pipeline = model.pipeline
    this.#case = conversation
    this.#expected = expected
    this.#visualRows = conversation.images.map((name) => visualRows.get(name)!)
    this.#report = report
    this.#sequence = this.#merge(referencePrompt(conversation))
  }

  async check(): Promise<void> {
    checkPrompt(this.#model, this.#case, this.#report)
    const modality = this.#sequence.rows.map((row) => (row < 0 ? 1 : 0))
    this.#report.same('modality of rows', this.#case.name, modality, this.#case.modality)

    for (const size of chunkSizes) {
      this.#pipeline.chunkRows = size
      await this.#checkStates(`in chunks of ${size}`, [this.#sequence])
    }
    const turns = this.#turns()
    if (turns.length > 1)
      await this.#checkStates(
        'turn by turn',
        turns.map((turn) => this.#merge(turn)),
      )
    await this.#checkAllLogits()
    for (const turn of turns.slice(0, -1)) await this.#ask(turn, 1)
    if (turns.length > 0) await this.#checkAnswer(turns.at(-1)!, turns.at(-2))
  }

  /** The prompts of the conversation as it grows, question by question. */
  #turns(): Prompt[] {
    const { manifest, tokenizer } = this.#pipeline
    const messages = messagesOf(this.#case) ?? []
    return messages.flatMap((_, index) => {
      if (index % 2 === 1) return []
      const built = buildPrompt(messages.slice(0, index + 1), manifest.prompt, tokenizer)
      return [asPublished(built, manifest, this.#model.bosId)]
    })
  }

  #merge(prompt: Prompt): MergedSequence {
    return mergeSegments(prompt, this.#pipeline.pictureRows, this.#pipeline.pictureNumbers)
  }

  /**
   * Prefills and answers greedily.
   * @param sequences one after another, each on what is cached of those before; the last is the whole conversation
   */
  async #checkStates(how: string, sequences: readonly MergedSequence[]): Promise<void> {
    const { decoder, manifest } = this.#pipeline
    const caches = new ConversationCaches(() => decoder.newCache(), 2 ** 20)
    const states = new DecoderStates(this.#case.modality, manifest.config.decoder.layers)
    decoder.observe = states.observe
    for (const sequence of sequences.slice(0, -1)) {
      await this.#pipeline.prefill(sequence, caches.take(sequence.rows), this.#visualRows)
    }
    const cache = caches.take(sequences.at(-1)!.rows)
    let logits = await this.#pipeline.prefill(sequences.at(-1)!, cache, this.#visualRows)
    decoder.observe = undefined

    const where = `${this.#case.name} ${how}`
    const compare = (group: string, name: string, actual: Float32Array | undefined) =>
      this.#report.close(group, tolerance, `${where}: ${name}`, actual, this.#expected.get(name))
    for (const name of this.#expected.keys()) {
      // On a GPU attention is one operator, which shows no weights; they are computed below from what is cached.
      const isInside = this.#pipeline.execution.device !== 'cpu' && name.startsWith('attention.')
      if (/^(inputs_embeds|decoder\.|attention\.)/.test(name) && !isInside) {
        compare(name.replace(/\.\d+$/, ''), name, states.tensors.get(name))
      }
      const [, layer, part] = /^cache\.(\d+)\.(key|value)$/.exec(name) ?? []
      if (layer) compare(`cache.${part}`, name, await (part === 'key' ? cache.keysOf(+layer) : cache.valuesOf(+layer)))
    }
    compare('logits.last', 'logits.last', logits)
    await this.#checkAttention(where, cache)

    const answer: number[] = []
    for (const step of this.#case.steps) {
      const best = step.ids.map((id) => logits[id]!)
      this.#report.close('logits of greedy steps', tolerance, `${where}: step ${answer.length}`, best, step.logits)
      answer.push(argmax(logits))
      logits = await decoder.step(answer.at(-1)!, cache)
    }
    this.#report.same('greedy tokens', where, answer, this.#case.greedy.slice(0, answer.length))
  }

  /** What the last row looks at, computed from its queries and the cached keys. */
  async #checkAttention(where: string, cache: RowCache): Promise<void> {
    const { rows } = this.#sequence
    const last = rows.length - 1
    if (rows[last]! < 0) return
    for (const count of queriedRows) await this.#checkAttentionOf(count, where, cache)
  }

  /** The same with queries asked for with those of rows before it, which must leave the cache as it is. */
  async #checkAttentionOf(count: number, where: string, cache: RowCache): Promise<void> {
    const { rows } = this.#sequence
    const last = rows.length - 1
    const first = Math.max(rows.findLastIndex((row) => row < 0) + 1, last + 1 - count)
    const queries = await this.#pipeline.decoder.queries(rows.slice(first), first, cache)
    const attention: Float32Array[] = []
    for (const [index, layer] of queries.entries()) {
      attention.push(
        await rowAttention(lastRowOf(layer, rows.length - first, cache.shape.headWidth), cache, index, last, 1),
      )
      const [name, keys] = [`cache.${index}.key`, await cache.keysOf(index)]
      this.#report.close('cache.key', tolerance, `${where}: ${name} after queries`, keys, this.#expected.get(name))
    }
    const shares = this.#expected.get('attention.visual_share')!.filter((_, at) => at % rows.length === last)
    const name = `${where}: attention from the cache`
    const expected = this.#expected.get('attention.last_row')
    this.#report.close(
      'attention from the cache',
      tolerance,
      name,
      attention.flatMap((layer) => [...layer]),
      expected,
    )
    const found = attention.map((layer) => visualShare(layer, rows))
    this.#report.close('attention from the cache', tolerance, `${name}, on pictures`, found, shares)
  }

  /** The logits of every row, where the reference has them. */
  async #checkAllLogits(): Promise<void> {
    if (!this.#expected.has('logits.all')) return
    const { decoder, manifest } = this.#pipeline
    const cache = decoder.newCache()
    const rows = this.#sequence.rows
    const chunk = takeChunk(this.#sequence, 0, rows.length, manifest.config.decoder.width, (n) => this.#visualRows[n]!)
    const logits = await decoder.runChunk(chunk, cache, chunk.order ? [...chunk.order] : [...rows.keys()])
    this.#report.close('logits.all', tolerance, this.#case.name, logits, this.#expected.get('logits.all'))
  }

  /** Asks through the generation loop, on what is cached of the turns before. */
  async #checkAnswer(prompt: Prompt, before: Prompt | undefined): Promise<void> {
    const { greedy: tokens, text, name } = this.#case
    let shown = ''
    const result = await this.#ask(prompt, tokens.length, (piece) => {
      shown += piece
    })
    // Of a character that the limit cuts the loop keeps nothing; the published code shows what there is as U+FFFD.
    const stream = new TokenStream(this.#pipeline.tokenizer)
    const complete = tokens.map((id) => stream.push(id)).join('')
    this.#report.same('text of the greedy tokens', name, complete + stream.flush(), text)
    const kept = result.finish === 'stop' ? text : complete
    this.#report.same('answer of the generation loop', name, result.text, kept)
    this.#report.same('answer as it streams', name, shown, kept)
    if (!before) return
    const shared = commonPrefix(this.#merge(before).rows, this.#merge(prompt).rows)
    this.#report.same('earlier turns from the cache', name, result.stats.cachedRows >= shared, true)
  }

  #ask(prompt: Prompt, maxTokens: number, onText?: (piece: string) => void): Promise<GenerationResult> {
    const options = { sampling: { ...greedy, maxTokens }, continues: false }
    return generateFrom(this.#pipeline, prompt, options, onText ? { onText } : {})
  }
}

/** @param queries [heads, count, width] @returns [heads, 1, width] */
function lastRowOf(queries: Float32Array, count: number, width: number): Float32Array {
  const heads = queries.length / count / width
  const last = new Float32Array(heads * width)
  for (let head = 0; head < heads; head++) {
    const end = (head + 1) * count * width
    last.set(queries.subarray(end - width, end), head * width)
  }
  return last
}
