import { describe, expect, it } from 'vitest'
import { toConversation } from '../../../src-main/core/conversation.ts'
import type { StoredMessage } from '../../../src-main/storage/message-store.ts'

const picture = { hash: 'a'.repeat(64), name: 'dialog.png', width: 1, height: 1, bytes: 1 }
const message = (role: 'user' | 'assistant', text: string, pictures = role === 'user' ? [picture] : []) =>
  ({ id: text || 'empty', role, text, pictures, state: 'finished', createdAt: 0, branches: [] }) as StoredMessage

const told = async (branch: StoredMessage[], systemText?: string) => {
  const input = async ({ hash, name }: { hash: string; name: string }) => ({ hash, name, source: { path: '/x' } })
  const { messages, turnIds } = await toConversation(branch, { systemText }, input)
  const plain = messages.map(({ role, parts }) => [
    role,
    parts.map((part) => (part.type === 'text' ? part.text : `<${part.picture.name}>`)).join(''),
  ])
  return { plain, turnIds }
}

describe('toConversation', () => {
  it('keeps questions, pictures and answers in order, the system text in front', async () => {
    const branch = [message('user', 'What?'), message('assistant', 'A dialog.'), message('user', 'Which?', [])]
    expect(await told(branch, ' Be brief. ')).toEqual({
      plain: [
        ['system', 'Be brief.'],
        ['user', '<dialog.png>What?'],
        ['assistant', 'A dialog.'],
        ['user', 'Which?'],
      ],
      turnIds: ['What?', 'A dialog.', 'Which?'],
    })
  })

  it('joins the questions around an answer without text, with the pictures of both', async () => {
    const branch = [
      message('user', 'One?'),
      message('assistant', ''),
      message('user', 'Two?'),
      message('assistant', ''),
    ]
    expect(await told(branch)).toEqual({
      plain: [['user', '<dialog.png><dialog.png>One?\n\nTwo?']],
      turnIds: ['One?'],
    })
  })

  it('keeps what a stopped answer had said, and leaves an answer to be continued at the end', async () => {
    const { plain } = await told([message('user', 'One?'), message('assistant', 'Half')])
    expect(plain.at(-1)).toEqual(['assistant', 'Half'])
  })
})
