import { describe, expect, it } from 'vitest'
import type { StoredTurn } from '../../../src-main/ipc/contract.ts'
import { type Answer, canContinue, isUnderWay, toTurn } from '../../../src-renderer/chat/conversation.ts'

const answer = (phase: Answer['phase'], finish?: Answer['finish']): Answer => ({
  id: 'a',
  role: 'assistant',
  text: '',
  phase,
  finish,
  branches: ['a'],
})

const stored = (text: string, state: StoredTurn['state'], outcome?: StoredTurn['outcome']): StoredTurn => ({
  id: 'a',
  role: 'assistant',
  text,
  pictures: [],
  state,
  outcome,
  createdAt: 0,
  branches: ['a'],
})

describe('isUnderWay', () => {
  it('is true from the question to the last word', () => {
    const phases: Answer['phase'][] = ['waiting', 'reading', 'writing', 'finished', 'failed']
    expect(phases.map((phase) => isUnderWay(answer(phase)))).toEqual([true, true, true, false, false])
    expect(isUnderWay({ id: 'q', role: 'user', text: 'What?', pictures: [], branches: ['q'] })).toBe(false)
    expect(isUnderWay(undefined)).toBe(false)
  })
})

describe('canContinue', () => {
  it('is true for answers that did not end by themselves', () => {
    const ends = ['stop', 'stop-text', 'length', 'cancelled', 'interrupted'] as const
    expect(ends.filter((finish) => canContinue(answer('finished', finish)))).toEqual([
      'length',
      'cancelled',
      'interrupted',
    ])
    expect(canContinue(answer('writing'))).toBe(false)
  })
})

describe('toTurn', () => {
  it('shows an answer as main keeps it', () => {
    expect(toTurn(stored('', 'writing'))).toMatchObject({ phase: 'reading' })
    expect(toTurn(stored('Half', 'writing'))).toMatchObject({ phase: 'writing', text: 'Half' })
    expect(toTurn(stored('Half', 'finished', { finish: 'interrupted' }))).toMatchObject({
      phase: 'finished',
      finish: 'interrupted',
    })
    const error = { code: 'inference-crashed', message: 'It ended.', hint: 'Ask once more.' }
    expect(toTurn(stored('', 'failed', { error }))).toMatchObject({ phase: 'failed', error })
  })
})
