import { buildPrompt, type PromptSegment } from '../../native-models/mplug-owl2/prompt.ts'
import { OwlError } from '../../native-models/owl-error.ts'
import type { JobOptions } from '../../native-models/progress.ts'
import { leaveOutOldest } from './context-room.ts'
import { commonPrefix, type MergedSequence, mergeSegments } from './merged-sequence.ts'
import { type AnswerOptions, OngoingAnswer } from './ongoing-answer.ts'
import type { OwlPipeline } from './pipeline.ts'
import { PromptLookup } from './prompt-lookup.ts'
import type { GenerationRequest, GenerationResult, Message, MessagePart, PictureInput } from './protocol.ts'
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

/**
 * The prompt of a request in tokens, whether it ends in the middle of an answer, and how many messages it leaves out.
 * @throws OwlError `context-full` where it is far too long, without a look at all of it
 */
export function promptOf(
  pipeline: OwlPipeline,
  { messages, sampling, leftOut }: GenerationRequest,
): { prompt: Prompt; continues: boolean; leftOut: number } {
  const { contextRows, pictureRows } = pipeline
  // By their number, as only the oldest are left out: what has been made to be counted need not be made again.
  const prompts = new Map<number, Prompt>()
  const promptFor = (some: readonly Message[]) => {
    const prompt = prompts.get(some.length) ?? buildPrompt(some, pipeline.manifest.prompt, pipeline.tokenizer)
    prompts.set(some.length, prompt)
    return prompt
  }
  const rowsOf = (some: readonly Message[]) => {
    const fewest = fewestRows(pipeline, some)
    if (fewest > contextRows) return fewest
    const rows = (segment: Prompt[number]) => (segment.kind === 'text' ? segment.ids.length : pictureRows)
    return promptFor(some).reduce((sum, segment) => sum + rows(segment), 0)
  }
  const answerRows = Math.min(sampling.maxTokens, Math.floor(contextRows / 8))
  const kept =
    leftOut === undefined
      ? { messages, leftOut: 0 }
      : leaveOutOldest(messages, leftOut, { contextRows, answerRows, rowsOf })
  checkLength(pipeline, kept.messages)
  return {
    prompt: promptFor(kept.messages),
    continues: messages.at(-1)?.role === 'assistant',
    leftOut: kept.leftOut,
  }
}

/** The same as `generate` from a prompt in tokens. */
export async function generateFrom(
  pipeline: OwlPipeline,
  prompt: Prompt,
  options: Pick<AnswerOptions, 'sampling' | 'continues'>,
  { onText, ...job }: GenerationJob = {},
): Promise<GenerationResult> {
  try {
    const begun = await readPrompt(pipeline, prompt, { ...options, ...(onText && { onText }) }, job)
    return await finishAnswer(pipeline, begun, job)
  } finally {
    pipeline.caches.trim()
  }
}

/** An answer whose prompt has been read, with the logits of its last row; none where it was stopped. */
interface BegunAnswer {
  answer: OngoingAnswer
  cache: RowCache
  logits: Float32Array | undefined
}

async function finishAnswer(
  pipeline: OwlPipeline,
  { answer, cache, logits }: BegunAnswer,
  { signal }: JobOptions,
): Promise<GenerationResult> {
  try {
    let token = logits && answer.next(logits, cache.length)
    const lookup = new PromptLookup()
    while (token !== undefined && !signal?.aborted) {
      token = answer.takesBest
        ? await takeBest(pipeline, answer, cache, lookup, token)
        : answer.next(await pipeline.decoder.step(token, cache), cache.length)
      answer.ran()
    }
    return answer.result()
  } catch (error) {
    // Rows that led to no numbers would do so again.
    if (error instanceof OwlError && error.code === 'answer-not-finite') pipeline.caches.forget(cache)
    throw error
  }
}

/**
 * Brings a prompt into a cache.
 * @param scratch a cache to be used for it, where neither the conversation nor its pictures come again; otherwise both
 *   are kept for a next turn
 * @throws OwlError `context-full`, `picture-*`
 */
export async function readPrompt(
  pipeline: OwlPipeline,
  prompt: Prompt,
  options: AnswerOptions,
  job: JobOptions,
  scratch?: RowCache,
): Promise<BegunAnswer> {
  const sequence = mergeSegments(prompt, pipeline.pictureRows, pipeline.pictureNumbers)
  checkRoom(pipeline, sequence)
  scratch?.truncate(Math.min(commonPrefix(scratch.rows, sequence.rows), sequence.rows.length - 1))
  const cache = scratch ?? pipeline.caches.take(sequence.rows)
  const answer = new OngoingAnswer(pipeline, sequence, cache.length, options)
  try {
    const visualRows = await encodePictures(pipeline, sequence, cache, job, scratch === undefined)
    answer.sawPictures()
    const known = scratch ? undefined : pipeline.caches.logitsOf(cache, sequence.rows.length)
    const logits = known ?? (await pipeline.prefill(sequence, cache, visualRows, job))
    if (!scratch) pipeline.caches.noteLogits(cache, logits)
    answer.readPrompt()
    return { answer, cache, logits }
  } catch (error) {
    if (!(error instanceof OwlError && error.code === 'cancelled')) throw error
    return { answer, cache, logits: undefined }
  }
}

/**
 * Runs a token and those that the conversation suggests after it, and takes what the model itself would have said: the
 * same answer sooner, but for how sums of several rows are rounded.
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

/** Rows that messages need at least, told without encoding their text, which takes long where there is much of it. */
function fewestRows({ tokenizer, pictureRows }: OwlPipeline, messages: readonly Message[]): number {
  const rowsOf = (part: MessagePart) => (part.type === 'text' ? tokenizer.fewestTokens(part.text) : pictureRows)
  return messages.flatMap(({ parts }) => parts.map(rowsOf)).reduce((sum, rows) => sum + rows, 0)
}

/** To be asked before text is encoded. @throws OwlError `context-full` where it is too long whatever its tokens are */
export function checkLength(pipeline: OwlPipeline, messages: readonly Message[]): void {
  const fewest = fewestRows(pipeline, messages)
  const { contextRows, manifest } = pipeline
  if (fewest <= contextRows) return
  throw new OwlError(
    'context-full',
    `The conversation needs at least ${fewest} rows, and ${manifest.title} holds ${contextRows}.`,
  )
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
