import { choice, numberIn } from './setting.ts'

export const readingSettings = {
  /** Whether text that was read in pictures goes with a question. */
  'reading.inAnswers': choice(['automatic', 'on', 'off'], 'automatic'),
  /** Rows of the context that it may take. */
  'reading.rows': numberIn({ min: 16, max: 4000, step: 1 }, 400),
}
