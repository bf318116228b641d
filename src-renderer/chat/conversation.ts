import type {
  AnswerStats,
  EventPayload,
  GivenText,
  OwlErrorMessage,
  Picture,
  StoredTurn,
} from '../../src-main/ipc/contract.ts'

interface AnyTurn {
  id: string
  text: string
  /** Turns in the same place, itself among them, the oldest first. */
  branches: string[]
}

export interface Question extends AnyTurn {
  role: 'user'
  pictures: Picture[]
}

/**
 * - `waiting`: for the model to be loaded
 * - `reading`: asked, no text yet
 * - `writing`: text arrives
 */
export type AnswerPhase = UnderWay | 'finished' | 'failed'
type UnderWay = 'waiting' | 'reading' | 'writing'

/** Its id is also the request id of its events. */
export interface Answer extends AnyTurn {
  role: 'assistant'
  phase: AnswerPhase
  progress?: Omit<EventPayload<'answer.progress'>, 'requestId'>
  /** `interrupted`: the app or its window was closed or killed while it was written. */
  finish?: EventPayload<'answer.finished'>['finish'] | 'interrupted'
  stats?: AnswerStats
  error?: OwlErrorMessage
  /** The first turn that the model was given, where its context could not hold those before. */
  keptFrom?: string
  /** What of the text in the pictures of its question the model was given. */
  given?: GivenText
}

export type Turn = Question | Answer

export function isUnderWay(turn: Turn | undefined): turn is Answer & { phase: UnderWay } {
  return turn?.role === 'assistant' && turn.phase !== 'finished' && turn.phase !== 'failed'
}

/** Whether an answer has an end that it could go on from. */
export function canContinue({ phase, finish }: Answer): boolean {
  return phase === 'finished' && (finish === 'length' || finish === 'cancelled' || finish === 'interrupted')
}

/** A turn as main keeps it. */
export function toTurn({ id, role, text, pictures, state, outcome, branches }: StoredTurn): Turn {
  if (role === 'user') return { id, role, text, pictures, branches }
  const phase = state !== 'writing' ? state : text === '' ? 'reading' : 'writing'
  return { id, role, text, phase, branches, ...outcome }
}

/** The first turn that the model still knows, where the context could not hold the ones before. */
export function firstKnownTurn(turns: readonly Turn[]): string | undefined {
  const last = turns.findLast((turn) => turn.role === 'assistant' && turn.keptFrom)
  return last?.role === 'assistant' ? last.keptFrom : undefined
}
