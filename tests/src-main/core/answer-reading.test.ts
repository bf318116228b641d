import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { AnswerReading } from '../../../src-main/core/answer-reading.ts'
import { assistantMessage, userMessage } from '../../../src-main/core/messages.ts'
import { pictureFromFile } from '../../../src-main/core/pictures.ts'
import { Reading } from '../../../src-main/core/reading.ts'
import { Settings } from '../../../src-main/core/settings.ts'
import { ForkHost } from '../../../src-main/inference/fork-host.ts'
import { temporaryFolder } from '../../native-models/checkpoint/temporary-folder.ts'

const reading = new Reading({ host: new ForkHost() })
afterAll(() => reading.close())

const dialog = await pictureFromFile('native-models/owl-mini/evaluation/held-out/pictures/0001.png')
// So that no test depends on how fast it is read.
await reading.read(dialog)

const lines = ['Oblige', 'Upload failed.', 'Endorse', 'Back', 'Apply']
const owlMini = { name: 'owl-mini', contextRows: 2048 }
const large = { name: 'mplug-owl2', contextRows: 2048 }

async function aiding(changes: Parameters<Settings['set']>[0] = {}) {
  const settings = new Settings(join(await temporaryFolder(), 'settings.json'))
  await settings.set(changes)
  return new AnswerReading(reading, settings)
}

const textOf = (message: { parts: { type: string; text?: string }[] } | undefined) => message?.parts.at(-1)?.text

test('Owl Mini gets the lines before the question, as in its training', async () => {
  const { messages, given } = await (await aiding()).aid([userMessage([dialog], 'What failed?')], owlMini)
  expect(textOf(messages[0])).toBe(`Text in the picture:\n${lines.join('\n')}\nWhat failed?`)
  expect(given).toEqual({ lines, readLines: 5, late: 0, failed: 0 })
})

test('other models get them after the question, as LLaVA was evaluated', async () => {
  const { messages } = await (await aiding()).aid([userMessage([dialog], 'What failed?')], large)
  expect(textOf(messages[0])).toBe(`What failed?\nReference OCR token: ${lines.join(', ')}`)
  expect(messages[0]?.parts[0]?.type).toBe('picture')
})

test('each question of a conversation keeps its text, and what was given is that of the last', async () => {
  const conversation = [userMessage([dialog], 'What failed?'), assistantMessage('An upload.'), userMessage([], 'Sure?')]
  const { messages, given } = await (await aiding()).aid(conversation, large)
  expect(textOf(messages[0])).toContain('Upload failed.')
  expect(messages.slice(1)).toEqual(conversation.slice(1))
  expect(given).toBeUndefined()
})

test('no more is given than the rows that are set, whole lines from the first on', async () => {
  const { given } = await (await aiding({ 'reading.rows': 16 })).aid([userMessage([dialog], 'What?')], large)
  expect(given).toMatchObject({ lines: lines.slice(0, 3), readLines: 5 })
})

test('automatically, a small context is not filled; always means always', async () => {
  const small = { name: 'tiny', contextRows: 36 }
  const question = [userMessage([dialog], 'What?')]
  const automatic = await (await aiding()).aid(question, small)
  expect(automatic.given).toMatchObject({ lines: lines.slice(0, 1) })
  const always = await (await aiding({ 'reading.inAnswers': 'on' })).aid(question, small)
  expect(always.given?.lines).toEqual(lines)
})

test('switched off, nothing is read or given', async () => {
  const question = [userMessage([dialog], 'What?')]
  expect(await (await aiding({ 'reading.inAnswers': 'off' })).aid(question, large)).toEqual({
    messages: question,
    given: undefined,
  })
})
