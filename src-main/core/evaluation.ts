import { appendFile, rename, writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { OwlError } from '../../native-models/owl-error.ts'
import type { JobOptions } from '../../native-models/progress.ts'
import { greedy, type Message } from '../inference/protocol.ts'
import { isExactMatch } from './answer-normalisation.ts'
import { type EvaluationScore, scorePredictions } from './evaluation-score.ts'
import { type EvaluationQuestion, readLines } from './evaluation-set.ts'
import { userMessage } from './messages.ts'
import { pictureFromFile } from './pictures.ts'
import { withReadingAid } from './reading-aid.ts'

/** Answers are a word to a sentence; more than this is rambling. */
export const evaluationSampling = { ...greedy, maxTokens: 64 }

const predictionSchema = z.object({
  index: z.number().int().nonnegative(),
  kind: z.string(),
  question: z.string(),
  answers: z.array(z.string()),
  prediction: z.string(),
  right: z.boolean(),
  /** Set where the question could not be asked; such a line counts as wrong, and is asked again on resuming. */
  error: z.string().optional(),
})
export type Prediction = z.output<typeof predictionSchema>

export interface EvaluationOptions extends JobOptions {
  /** File that gets each prediction as a JSON line as soon as it is there. What it holds already is not asked again. */
  out?: string
}

export interface EvaluationResult {
  score: EvaluationScore
  /** Questions that could not be asked, with the reason. */
  failures: Prediction[]
}

/**
 * Asks every question of a set and scores the answers. A question that fails is counted as wrong and listed; the
 * run goes on.
 * @throws OwlError `request-invalid` if `out` belongs to another set, `cancelled`
 */
export async function evaluate(
  questions: readonly EvaluationQuestion[],
  answer: (messages: Message[]) => Promise<string>,
  options: EvaluationOptions & { withText?: boolean } = {},
): Promise<EvaluationResult> {
  const predictions = options.out ? await resume(options.out, questions) : new Map<number, Prediction>()
  for (const [index, question] of questions.entries()) {
    options.onProgress?.({ stage: 'asking', done: index, total: questions.length, unit: 'items' })
    if (predictions.has(index)) continue
    const prediction = await predict(index, question, answer, options.withText ?? false)
    // An answer that was cut off is no prediction.
    if (options.signal?.aborted) throw new OwlError('cancelled', 'The evaluation was stopped.')
    predictions.set(index, prediction)
    if (options.out) await appendFile(options.out, `${JSON.stringify(prediction)}\n`)
  }
  options.onProgress?.({ stage: 'asking', done: questions.length, total: questions.length, unit: 'items' })
  const inOrder = questions.map((_, index) => predictions.get(index)!)
  return {
    score: scorePredictions(
      questions,
      inOrder.map(({ prediction }) => prediction),
    ),
    failures: inOrder.filter(({ error }) => error),
  }
}

/**
 * The messages that ask a question: its pictures, the lines of text in them if wanted, and the question.
 * @throws OwlError `picture-*`
 */
async function questionMessages(question: EvaluationQuestion, withText: boolean): Promise<Message[]> {
  const pictures = await Promise.all(question.images.map(pictureFromFile))
  const text = withText ? withReadingAid(question.question, question.text ?? []) : question.question
  return [userMessage(pictures, text)]
}

async function predict(
  index: number,
  question: EvaluationQuestion,
  answer: (messages: Message[]) => Promise<string>,
  withText: boolean,
): Promise<Prediction> {
  const asked = { index, kind: question.kind, question: question.question, answers: question.answers }
  try {
    const prediction = (await answer(await questionMessages(question, withText))).trim()
    return { ...asked, prediction, right: isExactMatch(prediction, question.answers) }
  } catch (thrown) {
    const error = OwlError.from(thrown)
    // Without a model, or after a stop, no later question would fare better.
    if (error.code === 'cancelled' || error.code.startsWith('model-')) throw error
    return { ...asked, prediction: '', right: false, error: error.message }
  }
}

/** Reads what an earlier run left in `out` and drops a last line that was cut off. */
async function resume(out: string, questions: readonly EvaluationQuestion[]): Promise<Map<number, Prediction>> {
  const kept = new Map<number, Prediction>()
  const lines = await readLines(out).catch(() => [])
  for (const { number, text } of lines) {
    const prediction = parsePrediction(text)
    if (!prediction && number === lines.at(-1)?.number) break
    if (!prediction || questions[prediction.index]?.question !== prediction.question) {
      throw new OwlError('request-invalid', `Line ${number} of ${out} does not belong to this set.`, {
        hint: 'Choose another file for --out, or remove this one to start again.',
      })
    }
    if (!prediction.error) kept.set(prediction.index, prediction)
  }
  await writeFile(`${out}.part`, [...kept.values()].map((prediction) => `${JSON.stringify(prediction)}\n`).join(''))
  await rename(`${out}.part`, out)
  return kept
}

function parsePrediction(text: string): Prediction | undefined {
  try {
    return predictionSchema.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}
