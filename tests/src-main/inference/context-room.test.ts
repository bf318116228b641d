import { describe, expect, it } from 'vitest'
import { leaveOutOldest } from '../../../src-main/inference/context-room.ts'
import type { Message } from '../../../src-main/inference/protocol.ts'

const message = (role: Message['role'], length: number): Message => ({
  role,
  parts: [{ type: 'text', text: 'x'.repeat(length) }],
})
/** A row a character. */
const rowsOf = (messages: readonly Message[]) =>
  messages.flatMap(({ parts }) => parts).reduce((sum, part) => sum + (part.type === 'text' ? part.text.length : 0), 0)
const conversation = (turns: number, system = 0) => [
  ...(system > 0 ? [message('system', system)] : []),
  ...Array.from({ length: turns }, (_, at) => message(at % 2 === 0 ? 'user' : 'assistant', 10)),
]
const leave = (messages: Message[], leftOut = 0, contextRows = 100) =>
  leaveOutOldest(messages, leftOut, { contextRows, answerRows: 10, rowsOf })

describe('leaveOutOldest', () => {
  it('leaves a conversation that fits as it is', () => {
    const messages = conversation(9)
    expect(leave(messages)).toEqual({ messages, leftOut: 0 })
  })

  it('goes down to half of the context, and begins with a question', () => {
    const { messages, leftOut } = leave(conversation(11))
    expect(leftOut).toBe(6)
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant', 'user'])
  })

  it('keeps out what was out, so that the beginning stays the same until it is full again', () => {
    expect(leave(conversation(13), 6).leftOut).toBe(6)
    expect(leave(conversation(15), 6).leftOut).toBe(6)
    expect(leave(conversation(17), 6).leftOut).toBe(12)
  })

  it('always keeps the system text and the last question', () => {
    const { messages, leftOut } = leave([...conversation(4, 30), message('user', 500)])
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user'])
    expect(leftOut).toBe(4)
  })

  it('keeps an answer that is continued with its question', () => {
    expect(leave(conversation(12)).messages.at(-2)!.role).toBe('user')
    expect(leave([message('user', 500), message('assistant', 10)])).toMatchObject({ leftOut: 0 })
  })
})
