import type { AnswerStats, ChatMessage, EventPayload, OwlErrorMessage, Picture } from '../../src-main/ipc/contract.ts'

export interface Question {
  id: string
  role: 'user'
  text: string
  pictures: Picture[]
}

/**
 * - `waiting`: for the model to be loaded
 * - `reading`: asked, no text yet
 * - `writing`: text arrives
 */
export type AnswerPhase = UnderWay | 'finished' | 'failed'
type UnderWay = 'waiting' | 'reading' | 'writing'

export interface Answer {
  /** Also the request id of its events. */
  id: string
  role: 'assistant'
  text: string
  phase: AnswerPhase
  progress?: Omit<EventPayload<'answer.progress'>, 'requestId'>
  finish?: EventPayload<'answer.finished'>['finish']
  stats?: AnswerStats
  error?: OwlErrorMessage
}

export type Turn = Question | Answer

export function isUnderWay(turn: Turn | undefined): turn is Answer & { phase: UnderWay } {
  return turn?.role === 'assistant' && turn.phase !== 'finished' && turn.phase !== 'failed'
}

/**
 * The conversation as the model gets it. An answer without text (failed, or stopped at once) is left out, and the
 * questions around it become one message, so that the roles go on alternating as prompts demand.
 */
export function toMessages(turns: Turn[]): ChatMessage[] {
  const messages: ChatMessage[] = []
  for (const turn of turns) {
    if (turn.role === 'assistant') {
      if (turn.text !== '') messages.push({ role: 'assistant', text: turn.text, pictures: [] })
      continue
    }
    const pictures = turn.pictures.map(({ hash, name }) => ({ hash, name }))
    const last = messages.at(-1)
    if (last?.role === 'user') {
      last.text = `${last.text}\n\n${turn.text}`
      last.pictures.push(...pictures)
    } else {
      messages.push({ role: 'user', text: turn.text, pictures })
    }
  }
  return messages
}
