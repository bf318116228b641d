import { buildPrompt } from '../../native-models/mplug-owl2/prompt.ts'
import { OwlError } from '../../native-models/owl-error.ts'
import type { JobOptions } from '../../native-models/progress.ts'
import { checkLength, encodePictures } from './generation.ts'
import { mergeSegments } from './merged-sequence.ts'
import type { OwlPipeline } from './pipeline.ts'
import type { Message } from './protocol.ts'

/**
 * Looks at the pictures of a question that is still being written: a conversation is brought into a cache up to the end of
 * its last picture, so that the answer begins sooner. Without a new picture there is nothing to look at. Stopped between two steps, it leaves what it has done for whatever
 * comes next. A conversation that the model cannot hold is left alone: its answer says so.
 * @param messages the last one is the question, whose text is not known yet
 * @returns rows that the cache has now
 * @throws OwlError `picture-*`
 */
export async function prepare(
  pipeline: OwlPipeline,
  messages: readonly Message[],
  job: JobOptions = {},
): Promise<number> {
  if (!messages.at(-1)?.parts.some(({ type }) => type === 'picture')) return 0
  try {
    checkLength(pipeline, messages)
  } catch {
    return 0
  }
  const prompt = buildPrompt(messages, pipeline.manifest.prompt, pipeline.tokenizer)
  const sequence = mergeSegments(prompt, pipeline.pictureRows, pipeline.pictureNumbers)
  const last = sequence.pictures.at(-1)
  if (!last || sequence.rows.length >= pipeline.contextRows) return 0
  const beginning = { ...sequence, rows: sequence.rows.slice(0, last.start + pipeline.pictureRows) }
  // What was said after it already is worth more than nothing to do.
  if (pipeline.caches.holding(beginning.rows)) return beginning.rows.length
  const cache = pipeline.caches.take(beginning.rows)
  try {
    await pipeline.prefill(beginning, cache, await encodePictures(pipeline, beginning, cache, job), job)
  } catch (error) {
    if (!(error instanceof OwlError && error.code === 'cancelled')) throw error
  } finally {
    pipeline.caches.trim()
  }
  return cache.length
}
