import { buildPrompt } from '../../native-models/mplug-owl2/prompt.ts'
import { OwlError } from '../../native-models/owl-error.ts'
import type { JobOptions } from '../../native-models/progress.ts'
import { TokenStream } from '../../native-models/tokenizer/token-stream.ts'
import { checkLength, checkRoom, encodePictures } from './generation.ts'
import { commonPrefix, type MergedSequence, mergeSegments } from './merged-sequence.ts'
import type { OwlPipeline } from './pipeline.ts'
import type { AnalysisRequest, AttentionAnalysis, Message } from './protocol.ts'
import type { RowCache } from './row-cache.ts'

/**
 * Where the model looked when it wrote a part of an answer: for each layer how much of its attention went to text and
 * to pictures (paper, section 4.4), and where in each picture. The decoder's attention is computed anew from the keys
 * in the cache, so that nothing has to be kept while an answer is written.
 * @throws OwlError `request-invalid` where no token of the answer lies in the range; `context-full`; `picture-*`; `cancelled`
 */
export async function analyseAttention(
  pipeline: OwlPipeline,
  { messages, from, to }: AnalysisRequest,
  job: JobOptions = {},
): Promise<AttentionAnalysis> {
  checkLength(pipeline, messages)
  const sequence = merged(pipeline, messages)
  checkRoom(pipeline, sequence)
  const { tokens, start } = answerTokens(pipeline, messages, sequence, from, to)
  // A token is written by the row before it.
  const first = start - 1
  const writers = sequence.rows.slice(first, first + tokens.length)
  // A conversation that has gone on since then is not cut for it.
  const held = pipeline.caches.holding(sequence.rows.slice(0, first + writers.length))
  const cache = held ?? pipeline.caches.take(sequence.rows)
  if (!held) {
    const visualRows = await encodePictures(pipeline, sequence, cache, job)
    await pipeline.prefill(sequence, cache, visualRows, job)
    pipeline.caches.trim()
  }
  const queries = await pipeline.decoder.queries(writers, first, cache)
  const toRows: Float32Array[] = []
  for (const [index, layer] of queries.entries()) {
    toRows.push(await rowAttention(layer, cache, index, first, writers.length))
  }
  return {
    tokens,
    layers: toRows.map((attention) => ({ visual: visualShare(attention, sequence.rows) })),
    pictures: await Promise.all(
      sequence.pictures.map(async ({ picture, start: firstRow }) => {
        const patches = await pipeline.pictures.attention(picture)
        const { queries: count } = pipeline.manifest.config.abstractor
        const heat = toRows.map((attention) => spread(attention.subarray(firstRow, firstRow + count), patches))
        const side = Math.round(Math.sqrt(patches.length / count))
        return { hash: picture.hash, name: picture.name, side, fit: pipeline.manifest.picture.fit, heat }
      }),
    ),
  }
}

/**
 * Attention of one layer to each row of the conversation, mean over heads and over the asking rows.
 * @param queries [heads, count, head width], of the rows from `first` on
 * @returns [rows of the cache]
 */
export async function rowAttention(
  queries: Float32Array,
  cache: RowCache,
  layer: number,
  first: number,
  count: number,
): Promise<Float32Array> {
  const { keyHeads, headWidth } = cache.shape
  const keys = await cache.keysOf(layer)
  const rows = cache.length
  const heads = queries.length / (count * headWidth)
  const group = heads / keyHeads
  const mean = new Float32Array(rows)
  const scores = new Float64Array(rows)
  for (let head = 0; head < heads; head++) {
    const keyStart = Math.floor(head / group) * rows * headWidth
    for (let row = 0; row < count; row++) {
      const seen = first + row + 1
      const query = (head * count + row) * headWidth
      let highest = Number.NEGATIVE_INFINITY
      for (let slot = 0; slot < seen; slot++) {
        let score = 0
        const key = keyStart + slot * headWidth
        for (let i = 0; i < headWidth; i++) score += queries[query + i]! * keys[key + i]!
        scores[slot] = score / Math.sqrt(headWidth)
        if (scores[slot]! > highest) highest = scores[slot]!
      }
      let sum = 0
      for (let slot = 0; slot < seen; slot++) sum += scores[slot] = Math.exp(scores[slot]! - highest)
      for (let slot = 0; slot < seen; slot++) mean[slot]! += scores[slot]! / (sum * heads * count)
    }
  }
  return mean
}

/** The part of the attention that goes to rows of pictures. @param rows negative where a row is of a picture */
export function visualShare(attention: Float32Array, rows: readonly number[]): number {
  let visual = 0
  for (const [row, weight] of attention.entries()) if (rows[row]! < 0) visual += weight
  return visual
}

/**
 * Attention to the queries' rows, handed on to the patches that each query looked at.
 * @param rows [queries]
 * @param patches [queries, patches]
 * @returns [patches]
 */
function spread(rows: Float32Array, patches: Float32Array): Float32Array {
  const count = patches.length / rows.length
  const heat = new Float32Array(count)
  for (const [query, weight] of rows.entries()) {
    for (let patch = 0; patch < count; patch++) heat[patch]! += weight * patches[query * count + patch]!
  }
  return heat
}

function merged(pipeline: OwlPipeline, messages: readonly Message[]): MergedSequence {
  const prompt = buildPrompt(messages, pipeline.manifest.prompt, pipeline.tokenizer)
  return mergeSegments(prompt, pipeline.pictureRows, pipeline.pictureNumbers)
}

/** The tokens that wrote characters [from, to) of the last message, and the row of the first of them. */
function answerTokens(
  pipeline: OwlPipeline,
  messages: readonly Message[],
  sequence: MergedSequence,
  from: number,
  to: number,
): { tokens: string[]; start: number } {
  if (messages.at(-1)?.role !== 'assistant') {
    throw new OwlError('request-invalid', 'The last message has to be the answer that is looked at.')
  }
  const question = merged(pipeline, messages.slice(0, -1))
  const begin = commonPrefix(question.rows, sequence.rows)
  const stream = new TokenStream(pipeline.tokenizer)
  const tokens: string[] = []
  let start = 0
  let end = 0
  for (let row = begin; row < sequence.rows.length && end < to; row++) {
    const text = stream.push(sequence.rows[row]!)
    end += text.length
    if (end <= from) continue
    if (tokens.length === 0) start = row
    tokens.push(text)
  }
  if (tokens.length === 0) throw new OwlError('request-invalid', `The answer has no character ${from}.`)
  return { tokens, start }
}
