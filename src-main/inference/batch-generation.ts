import { OwlError } from '../../native-models/owl-error.ts'
import type { JobOptions } from '../../native-models/progress.ts'
import { promptOf, readPrompt } from './generation.ts'
import type { OngoingAnswer } from './ongoing-answer.ts'
import type { OwlPipeline } from './pipeline.ts'
import type { BatchOutcome, GenerationRequest, MessagePart } from './protocol.ts'

export interface BatchJob extends JobOptions {
  /** Text to be appended to the answer of the request with this number, as soon as it is complete. */
  onText?: (request: number, text: string) => void
}

interface Running {
  request: number
  answer: OngoingAnswer
  /** The token to be run next. */
  token: number
}

/** Rows of an answer that memory is counted for; most answers asked for together are captions, which are shorter. */
const countedAnswerRows = 128
/** Bytes of text for which a row is counted. */
const bytesOfRow = 3

/**
 * Answers requests together: prompts one after the other, then a token for all of them at each step, each from its own
 * conversation only. Sums of several rows are rounded in another order than those of one, so that an answer may differ
 * from the one it would get alone where two tokens are about as likely. Where one ends, the next begins. A request that fails leaves the others as they are. Stopped,
 * it returns what there is; requests not begun fail with `cancelled`.
 * @returns an outcome for each request, in their order
 */
export async function generateTogether(
  pipeline: OwlPipeline,
  requests: readonly GenerationRequest[],
  { signal, onProgress, onText }: BatchJob = {},
): Promise<BatchOutcome[]> {
  const total = requests.length
  const outcomes = new Array<BatchOutcome>(total)
  const places = placesFor(pipeline, requests)
  const batch = pipeline.decoder.newBatch(places)
  // One prompt after the other is read here and goes from here into the batch. Captions of a folder are not talked
  // about any further: kept like conversations, they would fill the memory with what nobody needs.
  const scratch = pipeline.decoder.newCache()
  const running: Running[] = []
  let begun = 0
  let done = 0
  const finish = (request: number, outcome: BatchOutcome) => {
    outcomes[request] = outcome
    done++
    onProgress?.({ stage: 'answering', done, total, unit: 'items' })
  }

  /** One request that fails leaves the others as they are, but of a GPU that is lost nothing more can be asked. */
  const fail = (request: number, thrown: unknown) => {
    const error = OwlError.from(thrown)
    if (error.code === 'device-lost') throw error
    scratch.truncate(0)
    finish(request, { error: error.toMessage() })
  }

  /** Reads a prompt; nothing is left to do where its answer ends with its first token. */
  const read = async (request: number): Promise<Running | undefined> => {
    const { sampling } = requests[request]!
    const show = onText && ((text: string) => onText(request, text))
    const { prompt, continues } = promptOf(pipeline, requests[request]!)
    const { answer, cache, logits } = await readPrompt(
      pipeline,
      prompt,
      { sampling, continues, ...(show ? { onText: show } : {}) },
      signal ? { signal } : {},
      scratch,
    )
    const token = logits && answer.next(logits, cache.length)
    if (token !== undefined) return { request, answer, token }
    finish(request, { result: answer.result() })
    return undefined
  }

  const begin = async (request: number) => {
    const first = await read(request).catch((thrown) => fail(request, thrown))
    if (!first) return
    batch.add(scratch)
    running.push(first)
  }

  /** Runs a token of each; what is chosen next for the one in a place. */
  const nextTokens = async (tokens: number[]) => {
    if (running.every(({ answer }) => answer.takesBest)) {
      const best = await pipeline.decoder.stepTogetherToBest(tokens, batch)
      return (answer: OngoingAnswer, place: number) => answer.take(best[place]!, batch.lengths[place]!)
    }
    const logits = await pipeline.decoder.stepTogether(tokens, batch)
    const size = logits.length / tokens.length
    return (answer: OngoingAnswer, place: number) =>
      answer.next(logits.subarray(place * size, (place + 1) * size), batch.lengths[place]!)
  }

  const leave = (place: number) => {
    batch.remove(place)
    const last = running.pop()!
    if (place < running.length) running[place] = last
  }

  const step = async () => {
    const tokens = running.map(({ token }) => token)
    const next = await nextTokens(tokens)
    // From the last one on, as the last one moves to where one has ended.
    for (let place = running.length - 1; place >= 0; place--) {
      const { request, answer } = running[place]!
      answer.ran()
      try {
        const token = next(answer, place)
        if (token !== undefined) {
          running[place]!.token = token
          continue
        }
        finish(request, { result: answer.result() })
      } catch (thrown) {
        fail(request, thrown)
      }
      leave(place)
    }
  }

  try {
    while (done < total) {
      if (signal?.aborted) {
        for (const { request, answer } of running) finish(request, { result: answer.result() })
        const error = new OwlError('cancelled', 'Stopped before it began.').toMessage()
        while (begun < total) finish(begun++, { error })
      } else if (begun < total && running.length < places) await begin(begun++)
      else await step()
    }
  } finally {
    scratch.release?.()
  }
  return outcomes
}

/** How many conversations are decoded at once: no more than fit into the memory of caches, which the others leave for it. */
function placesFor(pipeline: OwlPipeline, requests: readonly GenerationRequest[]): number {
  const { caches, decoder } = pipeline
  const rows = requests.reduce((most, request) => Math.max(most, expectedRows(pipeline, request)), 1)
  const bytes = decoder.newCache().bytesFor(rows)
  const places = Math.max(1, Math.min(decoder.mostTogether, requests.length, Math.floor(caches.maxBytes / bytes)))
  // The one whose prompt is read is there besides.
  caches.makeRoom((places + 1) * bytes)
  return places
}

function expectedRows({ pictureRows, contextRows }: OwlPipeline, { messages, sampling }: GenerationRequest): number {
  const rowsOf = (part: MessagePart) => (part.type === 'text' ? Buffer.byteLength(part.text) / bytesOfRow : pictureRows)
  const prompt = messages.flatMap(({ parts }) => parts.map(rowsOf)).reduce((sum, rows) => sum + rows, 0)
  return Math.min(contextRows, Math.ceil(prompt) + Math.min(sampling.maxTokens, countedAnswerRows))
}
