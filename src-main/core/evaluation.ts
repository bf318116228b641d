import { appendFile, rename, writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { OwlError } from '../../native-models/owl-error.ts'
import type { JobOptions } from '../../native-models/progress.ts'
import { greedy, type Message, type PictureInput } from '../inference/protocol.ts'
import { type EvaluationScore, isRight, scorePredictions } from './evaluation-score.ts'
import { type EvaluationQuestion, readLines } from './evaluation-set.ts'
import { userMessage } from './messages.ts'
import { pictureFromFile } from './pictures.ts'
import { withReadingAid } from './reading-aid.ts'

/** Answers are a word to a sentence; more than this is rambling. */
export const evaluationSampling = { ...greedy, maxTokens: 64 }

/**
 * Which lines of text go with a question: none, those that the set holds, as a perfect reader would give them, or those
 * that the program's own reader finds.
 */
export const textAids = ['none', 'simulated', 'read'] as const
export type TextAid = (typeof textAids)[number]

const predictionSchema = z.object({
  index: z.number().int().nonnegative(),
  aid: z.enum(textAids).default('none'),
  /** Whether only the first frame of a clip was shown. */
  firstFrame: z.boolean().default(false),
  kind: z.string(),
  question: z.string(),
  answers: z.array(z.string()),
  prediction: z.string(),
  right: z.boolean(),
  /** Set where the question could not be asked; such a line counts as wrong, and is asked again on resuming. */
  error: z.string().optional(),
})
export type Prediction = z.output<typeof predictionSchema>

/** One asking of a question. */
type Ask = Pick<Prediction, 'index' | 'aid' | 'firstFrame'>

/** Questions about clips, by their kind: their pictures are frames in order of time. */
const isClip = ({ kind, images }: EvaluationQuestion) => kind.startsWith('clip') && images.length > 1

export interface EvaluationOptions extends JobOptions {
  /** File that gets each prediction as a JSON line as soon as it is there. What it holds already is not asked again. */
  out?: string
  /** Each question is asked once with each of these; only without text if not given. */
  aids?: readonly TextAid[]
  /** Reads the lines of a picture, for the aid `read`. */
  read?: (picture: PictureInput) => Promise<string[]>
  /** Only so many questions of each kind, the first ones; all if not given. */
  most?: number
  /** Asks clips once more with their first frame alone, and without text: what a model can tell that knows no time. */
  firstFrame?: boolean
}

export interface EvaluationResult {
  /** By the text that went with the questions, in the order asked for. */
  scores: { aid: TextAid; score: EvaluationScore }[]
  /** Of the clips, with their first frame alone, where that was asked for. */
  firstFrame?: EvaluationScore
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
  options: EvaluationOptions = {},
): Promise<EvaluationResult> {
  const { aids = ['none'], most = Number.POSITIVE_INFINITY, out, signal, onProgress } = options
  const predictions = out ? await resume(out, questions) : new Map<string, Prediction>()
  const chosen = firstOfEachKind(questions, most)
  const clips = options.firstFrame ? chosen.filter((index) => isClip(questions[index]!)) : []
  const askedWith = (aid: TextAid): Ask[] => chosen.map((index) => ({ index, aid, firstFrame: false }))
  const ofFirstFrames: Ask[] = clips.map((index) => ({ index, aid: 'none', firstFrame: true }))
  // A question's asks one after the other: the model keeps the pictures for the next.
  const asks = [...aids.flatMap(askedWith), ...ofFirstFrames].sort((a, b) => a.index - b.index)
  const total = asks.length
  for (const [done, ask] of asks.entries()) {
    onProgress?.({ stage: 'asking', done, total, unit: 'items' })
    if (predictions.has(keyOf(ask))) continue
    const prediction = await predict(ask, questions[ask.index]!, answer, options.read)
    // An answer that was cut off is no prediction.
    if (signal?.aborted) throw new OwlError('cancelled', 'The evaluation was stopped.')
    predictions.set(keyOf(ask), prediction)
    if (out) await appendFile(out, `${JSON.stringify(prediction)}\n`)
  }
  onProgress?.({ stage: 'asking', done: total, total, unit: 'items' })
  const scoreOf = (some: readonly Ask[]) =>
    scorePredictions(
      some.map(({ index }) => questions[index]!),
      some.map((ask) => predictions.get(keyOf(ask))!.prediction),
    )
  return {
    scores: aids.map((aid) => ({ aid, score: scoreOf(askedWith(aid)) })),
    ...(options.firstFrame && { firstFrame: scoreOf(ofFirstFrames) }),
    failures: asks.map((ask) => predictions.get(keyOf(ask))!).filter(({ error }) => error),
  }
}

/** Positions of the first `most` questions of each kind, in the order of the set. */
function firstOfEachKind(questions: readonly EvaluationQuestion[], most: number): number[] {
  const taken = new Map<string, number>()
  return [...questions.keys()].filter((index) => {
    const { kind } = questions[index]!
    taken.set(kind, (taken.get(kind) ?? 0) + 1)
    return taken.get(kind)! <= most
  })
}

function keyOf({ index, aid, firstFrame }: Ask): string {
  return `${index} ${aid} ${firstFrame}`
}

/**
 * The messages that ask a question: its pictures, the lines of text in them if wanted, and the question.
 * @throws OwlError `picture-*`
 */
async function questionMessages(
  question: EvaluationQuestion,
  { aid, firstFrame }: Ask,
  read: EvaluationOptions['read'],
): Promise<Message[]> {
  const images = firstFrame ? question.images.slice(0, 1) : question.images
  const pictures = await Promise.all(images.map(pictureFromFile))
  const lines = { none: () => [], simulated: () => question.text ?? [], read: () => readAll(pictures, read) }
  return [userMessage(pictures, withReadingAid(question.question, await lines[aid]()))]
}

async function readAll(pictures: readonly PictureInput[], read: EvaluationOptions['read']): Promise<string[]> {
  if (!read) throw new OwlError('internal', 'Nothing reads the pictures of this evaluation.')
  return (await Promise.all(pictures.map(read))).flat()
}

async function predict(
  ask: Ask,
  question: EvaluationQuestion,
  answer: (messages: Message[]) => Promise<string>,
  read: EvaluationOptions['read'],
): Promise<Prediction> {
  const asked = { ...ask, kind: question.kind, question: question.question, answers: question.answers }
  try {
    const prediction = (await answer(await questionMessages(question, ask, read))).trim()
    return { ...asked, prediction, right: isRight(question, prediction) }
  } catch (thrown) {
    const error = OwlError.from(thrown)
    // Without a model, or after a stop, no later question would fare better.
    if (error.code === 'cancelled' || error.code.startsWith('model-') || error.code === 'reader-missing') throw error
    return { ...asked, prediction: '', right: false, error: error.message }
  }
}

/** Reads what an earlier run left in `out` and drops a last line that was cut off. */
async function resume(out: string, questions: readonly EvaluationQuestion[]): Promise<Map<string, Prediction>> {
  const kept = new Map<string, Prediction>()
  const lines = await readLines(out).catch(() => [])
  for (const { number, text } of lines) {
    const prediction = parsePrediction(text)
    if (!prediction && number === lines.at(-1)?.number) break
    if (!prediction || questions[prediction.index]?.question !== prediction.question) {
      throw new OwlError('request-invalid', `Line ${number} of ${out} does not belong to this set.`, {
        hint: 'Choose another file for --out, or remove this one to start again.',
      })
    }
    if (!prediction.error) kept.set(keyOf(prediction), prediction)
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
