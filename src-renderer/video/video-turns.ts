import type { AnswerStats, OwlErrorMessage, Picture } from '../../src-main/ipc/contract.ts'

export interface StripFrame {
  time: number
  picture: Picture
}

export interface VideoTurn {
  id: string
  question: string
  /** Of the frames that the model was shown; none yet while they are being read. */
  times: number[]
  answer: string
  phase: 'seeing' | 'writing' | 'finished' | 'failed'
  seen?: { done: number; total: number }
  stats?: AnswerStats
  error?: OwlErrorMessage
}

export const isAnswering = (turn: VideoTurn | undefined) => turn?.phase === 'seeing' || turn?.phase === 'writing'

/** Questions about the same frames go on from each other, so that the model sees the frames once. */
export function askedTurns(turns: readonly VideoTurn[], frames: readonly StripFrame[]) {
  const current = JSON.stringify(turns.at(-1)!.times)
  const first = turns.findLastIndex(({ times, phase }) => JSON.stringify(times) !== current || phase === 'failed') + 1
  return turns.slice(first).flatMap(({ question, answer }, index, all) => {
    const pictures = index === 0 ? picturesOf(frames) : []
    const asked = { role: 'user' as const, text: question, frames: pictures }
    return index === all.length - 1 ? [asked] : [asked, { role: 'assistant' as const, text: answer, frames: [] }]
  })
}

export function picturesOf(frames: readonly StripFrame[]): { hash: string; name: string }[] {
  return frames.map(({ picture: { hash, name } }) => ({ hash, name }))
}
