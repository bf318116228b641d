import { buildPrompt, type PromptSegment } from '../../native-models/mplug-owl2/prompt.ts'
import { OwlError } from '../../native-models/owl-error.ts'
import type { JobOptions } from '../../native-models/progress.ts'
import { leaveOutOldest } from './context-room.ts'
import { commonPrefix, type MergedSequence, mergeSegments } from './merged-sequence.ts'
import { type AnswerOptions, OngoingAnswer } from './ongoing-answer.ts'
import type { OwlPipeline } from './pipeline.ts'
import { PromptLookup } from './prompt-lookup.ts'
import type { GenerationRequest, GenerationResult, PictureInput } from './protocol.ts'
import type { RowCache } from './row-cache.ts'

type Prompt = readonly PromptSegment<PictureInput>[]

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
  request: GenerationRequest,
  job: GenerationJob = {},
): Promise<GenerationResult> {
  const { prompt, continues, leftOut } = promptOf(pipeline, request)
  const result = await generateFrom(pipeline, prompt, { sampling: request.sampling, continues }, job)
  return leftOut > 0 ? { ...result, stats: { ...result.stats, leftOut } } : result
}

/** The prompt of a request in tokens, whether it ends in the middle of an answer, and how many messages it leaves out. */
export function promptOf(
  pipeline: OwlPipeline,
  request: GenerationRequest,
): { prompt: Prompt; continues: boolean; leftOut: number } {
  const { messages, leftOut } = keptMessages(pipeline, request)
  const prompt = buildPrompt(messages, pipeline.manifest.prompt, pipeline.tokenizer)
  return { prompt, continues: messages.at(-1)?.role === 'assistant', leftOut }
}

function keptMessages(pipeline: OwlPipeline, { messages, sampling, leftOut }: GenerationRequest) {
  if (leftOut === undefined) return { messages, leftOut: 0 }
  const { contextRows, pictureRows } = pipeline
  return leaveOutOldest(messages, leftOut, {
    contextRows,
    answerRows: Math.min(sampling.maxTokens, Math.floor(contextRows / 8)),
    rowsOf: (some) =>
      buildPrompt(some, pipeline.manifest.prompt, pipeline.tokenizer).reduce(
        (rows, segment) => rows + (segment.kind === 'text' ? segment.ids.length : pictureRows),
        0,
      ),
  })
}

/** The same as `generate` from a prompt in tokens. */
export async function generateFrom(
  pipeline: OwlPipeline,
  prompt: Prompt,
  options: Pick<AnswerOptions, 'sampling' | 'continues'>,
  { onText, ...job }: GenerationJob = {},
): Promise<GenerationResult> {
  try {
    const { answer, cache, logits } = await readPrompt(pipeline, prompt, { ...options, ...(onText && { onText }) }, job)
    let token = logits && answer.next(logits, cache.length)
    const lookup = new PromptLookup()
    while (token !== undefined && !job.signal?.aborted) {
      token = answer.takesBest
        ? await takeBest(pipeline, answer, cache, lookup, token)
        : answer.next(await pipeline.decoder.step(token, cache), cache.length)
      answer.ran()
    }
    return answer.result()
  } finally {
    pipeline.caches.trim()
  }
}

/**
 * Brings a prompt into a cache.
 * @param scratch a cache to be used for it, where neither the conversation nor its pictures come again; otherwise both
 *   are kept for a next turn
 * @returns the answer that is to follow, and the logits of the last row; none where it was stopped
 * @throws OwlError `context-full`, `picture-*`
 */
export async function readPrompt(
  pipeline: OwlPipeline,
  prompt: Prompt,
  options: AnswerOptions,
  job: JobOptions,
  scratch?: RowCache,
): Promise<{ answer: OngoingAnswer; cache: RowCache; logits: Float32Array | undefined }> {
  const sequence = mergeSegments(prompt, pipeline.pictureRows, pipeline.pictureNumbers)
  checkRoom(pipeline, sequence)
  scratch?.truncate(Math.min(commonPrefix(scratch.rows, sequence.rows), sequence.rows.length - 1))
  const cache = scratch ?? pipeline.caches.take(sequence.rows)
  const answer = new OngoingAnswer(pipeline, sequence, cache.length, options)
  try {
    const visualRows = await encodePictures(pipeline, sequence, cache, job, scratch === undefined)
    answer.sawPictures()
    const logits = await pipeline.prefill(sequence, cache, visualRows, job)
    answer.readPrompt()
    return { answer, cache, logits }
  } catch (error) {
    if (!(error instanceof OwlError && error.code === 'cancelled')) throw error
    return { answer, cache, logits: undefined }
  }
}

/**
 * Runs a token and those that the conversation suggests after it, and takes what the model itself would have said: the
 * answer is the same, only sooner.
 * @returns the token to be run next; nothing where the answer has come to its end
 */
async function takeBest(
  pipeline: OwlPipeline,
  answer: OngoingAnswer,
  cache: RowCache,
  lookup: PromptLookup,
  token: number,
): Promise<number | undefined> {
  const start = cache.length
  const guesses = lookup.guess(cache.rows, token, pipeline.contextRows - start - 1)
  const best = await pipeline.decoder.stepsToBest([token, ...guesses], cache)
  let right = 0
  while (right < guesses.length && best[right] === guesses[right]) right++
  lookup.learn(guesses.length, right)
  let row = 0
  let next = answer.take(best[row]!, start + 1)
  while (next !== undefined && row < right) next = answer.take(best[++row]!, start + 1 + row)
  // Guesses that were wrong, or that come after the answer's end, are forgotten.
  cache.truncate(start + 1 + row)
  return next
}

/** Nothing is computed for a conversation that the model cannot hold. */
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

/** Visual rows of the pictures that have rows beyond the cache. @param keep whether they may be asked about again */
export async function encodePictures(
  pipeline: OwlPipeline,
  sequence: MergedSequence,
  cache: RowCache,
  job: JobOptions,
  keep = true,
): Promise<(Float32Array | undefined)[]> {
  const visualRows: (Float32Array | undefined)[] = []
  const total = sequence.pictures.length
  for (const [index, { picture, start }] of sequence.pictures.entries()) {
    const isCached = start + pipeline.pictureRows <= cache.length
    if (job.signal?.aborted) throw new OwlError('cancelled', 'The request was stopped.')
    visualRows.push(isCached ? undefined : await pipeline.pictures.encode(picture, keep))
    job.onProgress?.({ stage: 'seeing', done: index + 1, total, unit: 'items' })
  }
  return visualRows
}
