import { yesNo } from '../questions.ts'
import type { Random } from '../random.ts'
import type { Vocabulary } from '../vocabulary.ts'
import { fact } from './content-asks.ts'
import { messageAsk } from './message-content.ts'
import type { Content } from './window-content.ts'

const TASKS = [
  'Copying',
  'Downloading',
  'Installing',
  'Loading',
  'Deleting',
  'Uploading',
  'Scanning',
  'Printing',
  'Sending',
  'Opening',
]

/** What a window with a progress bar is busy with, and how many percent are done; never near the middle. */
export function chooseProgress(random: Random, vocabulary: Vocabulary): { message: string; done: number } {
  const object = random.chance(0.7) ? vocabulary.fileName(random) : vocabulary.word(random)
  const done = random.chance(0.1) ? 100 : random.pick([random.integer(2, 46), random.integer(54, 98)])
  return { message: `${random.pick(TASKS)} ${object}`, done }
}

/** A progress bar with its percentage written beside it. */
export function progressContent(message: string, done: number): Content {
  return {
    things: [],
    summary: `that says "${message}" with a progress bar at ${done}%`,
    facts: ['progress'],
    asks: [
      {
        ...fact('progress', 'progress', `${done}%`, `It is at ${done}%.`),
        accepted: [`${done}`, `${done} %`, `${done} percent`],
      },
      yesNo('progress', 'progress-half', '', done > 50, `it is at ${done}%`, `it is at ${done}%`),
      messageAsk(message),
    ],
  }
}
