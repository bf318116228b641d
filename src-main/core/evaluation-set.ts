import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import { OwlError } from '../../native-models/owl-error.ts'

const lineSchema = z.object({
  images: z.array(z.string()).default([]),
  question: z.string().min(1),
  answers: z.array(z.string()).min(1),
  kind: z.string().default('all'),
  /** Whether an answer has to be one of `answers`, or only to name one of them, in whole words. */
  match: z.enum(['exact', 'named']).optional(),
  /** Lines of text in the pictures, as a reader would give them. */
  text: z.array(z.string()).optional(),
  /** What is true of the pictures: with it, the answer is a caption, scored by facts. */
  facts: z.array(z.string()).optional(),
})

/** One line of a set; `images` are absolute paths. */
export type EvaluationQuestion = z.output<typeof lineSchema>

/**
 * Reads a set: one JSON object a line, paths of pictures relative to the file.
 * @throws OwlError `not-found` without the file, `request-invalid` naming the first line that is wrong
 */
export async function readEvaluationSet(path: string): Promise<EvaluationQuestion[]> {
  const folder = dirname(resolve(path))
  const lines = await readLines(path)
  const questions = lines.map(({ number, text }) => {
    const parsed = lineSchema.safeParse(parseJson(text))
    if (!parsed.success) {
      const issue = parsed.error.issues[0]
      throw new OwlError(
        'request-invalid',
        `Line ${number} of ${path} is no question: ${issue?.path.join('.') || 'line'}: ${issue?.message}.`,
        { hint: 'Each line is {"images": [...], "question": "...", "answers": [...], "kind": "..."}.' },
      )
    }
    return { ...parsed.data, images: parsed.data.images.map((image) => resolve(folder, image)) }
  })
  if (questions.length === 0) throw new OwlError('request-invalid', `${path} holds no question.`)
  return questions
}

/** Lines that hold anything, with their numbers from 1. @throws OwlError `not-found` */
export async function readLines(path: string): Promise<{ number: number; text: string }[]> {
  const content = await readFile(path, 'utf8').catch((cause) => {
    throw new OwlError('not-found', `${path} cannot be read.`, { hint: 'Check the path of the file.', cause })
  })
  return content
    .split('\n')
    .map((text, index) => ({ number: index + 1, text: text.trim() }))
    .filter(({ text }) => text)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
