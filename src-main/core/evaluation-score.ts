import { isExactMatch, namesOne, normaliseAnswer } from './answer-normalisation.ts'
import { type CaptionScore, scoreCaptions } from './caption-score.ts'
import type { EvaluationQuestion } from './evaluation-set.ts'

export interface KindScore {
  kind: string
  n: number
  /** Share of questions answered with one of the accepted answers, or naming one where the question says so, 0 to 1. */
  exactMatch: number
  /** Share that the best constant answer would get, and that answer. */
  constant: number
  constantAnswer: string
}

export interface EvaluationScore {
  kinds: KindScore[]
  n: number
  exactMatch: number
  /** What the best constant answer of each kind would get over all questions. */
  constant: number
  /** Captions are no part of the figures above. `reference` is what the expected captions get. */
  captions?: CaptionScore & { reference: CaptionScore }
}

/** Scores predictions, one for each question, by kind of question in the order of their names; captions by facts. */
export function scorePredictions(all: readonly EvaluationQuestion[], predictions: readonly string[]): EvaluationScore {
  const asked = all.map((question, index) => ({ question, prediction: predictions[index] ?? '' }))
  const answered = asked.filter(({ question }) => question.facts === undefined)
  const questions = answered.map(({ question }) => question)
  const captioned = asked.filter(({ question }) => question.facts !== undefined)
  const captions = (caption: (one: (typeof asked)[number]) => string) =>
    scoreCaptions(
      captioned.map((one) => ({
        caption: caption(one),
        facts: one.question.facts ?? [],
        text: one.question.text ?? [],
      })),
    )
  const kinds = [...new Set(questions.map(({ kind }) => kind))].sort().map((kind) => {
    const ofKind = answered.filter(({ question }) => question.kind === kind)
    const right = ofKind.filter(({ question, prediction }) => isRight(question, prediction)).length
    const best = bestConstant(ofKind.map(({ question }) => question))
    const n = ofKind.length
    return { kind, n, exactMatch: right / n, constant: best.right / n, constantAnswer: best.answer }
  })
  const mean = (pick: (score: KindScore) => number) =>
    kinds.reduce((sum, score) => sum + pick(score) * score.n, 0) / Math.max(1, questions.length)
  return {
    kinds,
    n: questions.length,
    exactMatch: mean((score) => score.exactMatch),
    constant: mean((score) => score.constant),
    ...(captioned.length > 0
      ? {
          captions: {
            ...captions(({ prediction }) => prediction),
            reference: captions(({ question }) => question.answers[0]!),
          },
        }
      : {}),
  }
}

/** Whether a prediction counts as an answer of its question. Captions are scored otherwise. */
export function isRight({ match, answers }: EvaluationQuestion, prediction: string): boolean {
  return match === 'named' ? namesOne(prediction, answers) : isExactMatch(prediction, answers)
}

/** The one answer that is accepted most often. */
function bestConstant(questions: readonly EvaluationQuestion[]): { answer: string; right: number } {
  const counts = new Map<string, number>()
  for (const { answers } of questions) {
    for (const answer of new Set(answers.map(normaliseAnswer))) counts.set(answer, (counts.get(answer) ?? 0) + 1)
  }
  let best = { answer: '', right: 0 }
  for (const [answer, right] of counts) if (right > best.right) best = { answer, right }
  return best
}
