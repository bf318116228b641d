import { describe, expect, it } from 'vitest'
import { type Answer, isUnderWay, type Question, toMessages } from '../../../src-renderer/chat/conversation.ts'

const hash = 'a'.repeat(64)
const picture = { hash, name: 'dialog.png', width: 10, height: 10, bytes: 100 }
const question = (text: string, pictures = [picture]): Question => ({ id: text, role: 'user', text, pictures })
const answer = (text: string, phase: Answer['phase'] = 'finished'): Answer => ({
  id: `answer ${text}`,
  role: 'assistant',
  text,
  phase,
})

describe('toMessages', () => {
  it('keeps questions, pictures and answers in order', () => {
    expect(toMessages([question('What is it?'), answer('A dialog.'), question('Which title?', [])])).toEqual([
      { role: 'user', text: 'What is it?', pictures: [{ hash, name: 'dialog.png' }] },
      { role: 'assistant', text: 'A dialog.', pictures: [] },
      { role: 'user', text: 'Which title?', pictures: [] },
    ])
  })

  it('joins the questions around an answer without text, with the pictures of both', () => {
    const messages = toMessages([question('One?'), answer('', 'failed'), question('Two?'), answer('', 'reading')])
    expect(messages).toEqual([
      { role: 'user', text: 'One?\n\nTwo?', pictures: [picture, picture].map(() => ({ hash, name: 'dialog.png' })) },
    ])
  })

  it('keeps what a stopped or failed answer had said', () => {
    expect(toMessages([question('One?'), answer('Half', 'failed'), question('Two?')]).map(({ role }) => role)).toEqual([
      'user',
      'assistant',
      'user',
    ])
  })

  it('leaves the turns themselves unchanged', () => {
    const turns = [question('One?'), question('Two?')]
    toMessages(turns)
    expect(turns.map(({ text, pictures }) => [text, pictures.length])).toEqual([
      ['One?', 1],
      ['Two?', 1],
    ])
  })
})

describe('isUnderWay', () => {
  it('is true from the question to the last word', () => {
    const phases: Answer['phase'][] = ['waiting', 'reading', 'writing', 'finished', 'failed']
    expect(phases.map((phase) => isUnderWay(answer('', phase)))).toEqual([true, true, true, false, false])
    expect(isUnderWay(question('What?'))).toBe(false)
    expect(isUnderWay(undefined)).toBe(false)
  })
})
