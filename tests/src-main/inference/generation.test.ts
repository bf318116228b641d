import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { generate } from '../../../src-main/inference/generation.ts'
import { OngoingAnswer } from '../../../src-main/inference/ongoing-answer.ts'
import { OwlPipeline } from '../../../src-main/inference/pipeline.ts'
import { PromptLookup } from '../../../src-main/inference/prompt-lookup.ts'
import { greedy, type Message, type SamplingOptions } from '../../../src-main/inference/protocol.ts'
import { installReference, pictureAt, referencePicture, turn } from './installed-reference.ts'

const expected = join(import.meta.dirname, '../../fixtures/reference/expected/tiny-32k/index.json')

let installed: Awaited<ReturnType<typeof installReference>>
let pipeline: OwlPipeline
let referenceText: string

beforeAll(async () => {
  installed = await installReference('tiny-32k')
  pipeline = await OwlPipeline.load({ folder: installed.folder, device: 'cpu', threads: 1 })
  const { cases } = JSON.parse(await readFile(expected, 'utf8'))
  referenceText = cases.find(({ name }: { name: string }) => name === 'text-only').text
})
afterAll(() => installed.remove())

const weekQuestion = turn('user', 'How many days are in a week?')
const ask = (messages: Message[], sampling: Partial<SamplingOptions> = {}, job = {}) =>
  generate(pipeline, { messages, sampling: { ...greedy, maxTokens: 20, ...sampling } }, job)

describe('generation', () => {
  it('answers as the published code does', async () => {
    const result = await ask([weekQuestion])
    expect(result.text).toBe(referenceText)
    expect(result.finish).toBe('length')
    expect(result.stats).toMatchObject({ promptRows: 17, visualRows: 0, tokens: 20, contextRows: 2048, device: 'cpu' })
  })

  it('streams what it returns', async () => {
    const pieces: string[] = []
    const result = await ask([weekQuestion], {}, { onText: (text: string) => pieces.push(text) })
    expect(pieces.length).toBeGreaterThan(10)
    expect(pieces.join('')).toBe(result.text)
  })

  it('computes only what is new in a next turn', async () => {
    const first = turn('user', 'Tell me of the sea.')
    const one = await ask([first])
    const two = await ask([first, turn('assistant', one.text), turn('user', 'And of the wind?')])
    // All of the first prompt; of the answer what its text is encoded to again.
    expect(two.stats.cachedRows).toBeGreaterThanOrEqual(one.stats.promptRows)
    const again = await ask([first, turn('assistant', one.text), turn('user', 'And of the wind?')])
    expect(again.text).toBe(two.text)
    expect(again.stats.cachedRows).toBe(again.stats.promptRows)
  })

  it('gives the same on a cached prefix as from the beginning', async () => {
    const picture = await referencePicture('portrait')
    const conversation = [turn('user', 'What is in the picture?', picture), turn('assistant', 'A red box.')]
    await ask(conversation.slice(0, 1))
    const onPrefix = await ask([...conversation, turn('user', 'And above it?')])
    expect(onPrefix.stats.cachedRows).toBeGreaterThan(0)
    const fresh = await OwlPipeline.load({ folder: installed.folder, device: 'cpu', threads: 1 })
    fresh.chunkRows = 5
    const messages = [...conversation, turn('user', 'And above it?')]
    const fromStart = await generate(fresh, { messages, sampling: { ...greedy, maxTokens: 20 } })
    expect(fromStart.stats.cachedRows).toBe(0)
    expect(fromStart.text).toBe(onPrefix.text)
  })

  it('keeps two conversations apart that take turns', async () => {
    const [a, b] = [turn('user', 'Speak of apples, please.'), turn('user', 'Name three rivers.')]
    const [firstA, firstB] = [await ask([a]), await ask([b])]
    const nextA = await ask([a, turn('assistant', firstA.text), turn('user', 'More.')])
    const nextB = await ask([b, turn('assistant', firstB.text), turn('user', 'More.')])
    expect(nextA.stats.cachedRows).toBeGreaterThanOrEqual(firstA.stats.promptRows)
    expect(nextB.stats.cachedRows).toBeGreaterThanOrEqual(firstB.stats.promptRows)
    expect((await ask([a])).text).toBe(firstA.text)
    expect((await ask([b])).text).toBe(firstB.text)
  })

  it('encodes a picture once, whatever is asked about it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'owl-picture-'))
    const path = join(folder, 'strip.png')
    const { source } = await referencePicture('strip')
    await copyFile((source as { path: string }).path, path)
    const picture = await pictureAt(path)
    const first = await ask([turn('user', 'What is this?', picture)])
    expect(first.stats.visualRows).toBe(pipeline.pictureRows)
    // Without its file it can be answered only from the rows that were kept.
    await rm(folder, { recursive: true })
    const second = await ask([turn('system', 'Be brief.'), turn('user', 'How wide is it?', picture, picture)])
    expect(second.stats.visualRows).toBe(2 * pipeline.pictureRows)
  })

  it('says the same in fewer runs where guesses help, and with wrong ones', async () => {
    const question = turn('user', 'Tell me of the wind.')
    const steps = vi.spyOn(pipeline.decoder, 'step')
    const oneByOne = await ask([question], { temperature: 1, topK: 1, maxTokens: 40 })
    const said = steps.mock.calls.map(([id]) => id)
    steps.mockRestore()
    const start = oneByOne.stats.promptRows
    // By turns: two that are right, one of two, none.
    const guess = vi.spyOn(PromptLookup.prototype, 'guess').mockImplementation((rows) => {
      const [next = 0, second = 0] = said.slice(rows.length - start + 1)
      return [[next, second], [next, second + 1], [next + 1, second], []][rows.length % 4]!
    })
    const runs = vi.spyOn(pipeline.decoder, 'stepsToBest')
    const guessed = await ask([question], { maxTokens: 40 })
    expect(guessed.text).toBe(oneByOne.text)
    expect(guessed.stats.tokens).toBe(40)
    expect(guessed.stats.runs).toBe(runs.mock.calls.length)
    expect(guessed.stats.runs).toBeLessThan(35)
    // What is left in the cache is what was said.
    expect(runs.mock.calls.at(-1)![1].rows.slice(start)).toEqual(said.slice(0, 39))
    guess.mockRestore()
    runs.mockRestore()
  })

  it('continues an unfinished answer where it stands', async () => {
    const begun = referenceText.slice(0, referenceText.indexOf(' '))
    expect(begun).not.toBe('')
    const rest = await ask([weekQuestion, turn('assistant', begun)])
    expect(rest.text.startsWith(referenceText.slice(begun.length, begun.length + 8))).toBe(true)
  })

  it('ends at a stop text and shows nothing of it', async () => {
    const stopText = referenceText.slice(6, 12)
    let shown = ''
    const result = await ask([weekQuestion], { stopTexts: [stopText] }, { onText: (text: string) => (shown += text) })
    expect(result.finish).toBe('stop-text')
    expect(result.text).toBe(referenceText.slice(0, 6))
    expect(shown).toBe(result.text)
    expect(result.stats.tokens).toBeLessThan(20)
  })

  it('ends at a stop token', async () => {
    const { stopTokens } = pipeline.manifest.prompt
    const third = (await ask([weekQuestion], { maxTokens: 3 })).text
    // The fourth token of the greedy answer made a stop token: the answer is the first three.
    const stopper = pipeline.tokenizer.encode(referenceText)
    const index = JSON.parse(await readFile(expected, 'utf8'))
    const tokens: number[] = index.cases.find(({ name }: { name: string }) => name === 'text-only').greedy
    expect(stopper.length).toBeGreaterThan(0)
    stopTokens.push(tokens[3]!)
    const result = await ask([weekQuestion])
    stopTokens.pop()
    expect(result.finish).toBe('stop')
    expect(result.text).toBe(third)
    expect(result.stats.tokens).toBe(4)
  })

  it('draws the same answer again for the same seed', async () => {
    const draw = (seed: number) => ask([weekQuestion], { temperature: 2, topP: 0.95, seed })
    const one = await draw(11)
    expect((await draw(11)).text).toBe(one.text)
    expect((await draw(12)).text).not.toBe(one.text)
  })

  it('runs nothing of a prompt that is asked again, so that its last row is not rounded differently', async () => {
    const question = turn('user', 'What is a mountain?', await referencePicture('grey'))
    const runs = vi.spyOn(pipeline.decoder, 'runChunk')
    const penalised = { repetitionPenalty: 1.3 }
    const first = await ask([question], penalised)
    const { length } = runs.mock.calls
    expect(await ask([question], penalised)).toMatchObject({ text: first.text, finish: first.finish })
    // Also after an answer longer than the prompt, which is kept for itself.
    const long = await ask([question], { maxTokens: 150 })
    expect((await ask([question], { maxTokens: 150 })).text).toBe(long.text)
    expect(runs.mock.calls.length).toBe(length)
    // A prompt that goes on from there is no prompt that was read.
    const next = await ask([question, turn('assistant', 'High.'), turn('user', 'How high?')])
    expect(next.stats.cachedRows).toBeLessThan(next.stats.promptRows)
    runs.mockRestore()
  })

  it('has no answer from logits that are no numbers, and forgets what led to them', async () => {
    const messages = [turn('user', 'What is overflow?')]
    const sampling = { temperature: 1, topK: 1, maxTokens: 5 }
    const expected = await ask(messages, sampling)
    const nan = () => Promise.resolve(new Float32Array(pipeline.manifest.config.decoder.vocabulary).fill(Number.NaN))
    const broken = vi.spyOn(pipeline.decoder, 'step').mockImplementation(nan)
    await expect(ask(messages, sampling)).rejects.toMatchObject({ code: 'answer-not-finite' })
    broken.mockRestore()
    const again = await ask(messages, sampling)
    expect(again.text).toBe(expected.text)
    expect(again.stats.cachedRows).toBeLessThan(again.stats.promptRows)
  })

  it('keeps no half of a character that the limit cuts', async () => {
    const ids = pipeline.tokenizer.encodePlain('A 🦉')
    const answer = (maxTokens: number) => {
      const sequence = { rows: [1], pictures: [], visualRows: 0 }
      const answer = new OngoingAnswer(pipeline, sequence, 0, { sampling: { ...greedy, maxTokens }, continues: false })
      for (const id of ids) if (answer.take(id, 5) === undefined) break
      return answer.result().text
    }
    expect(answer(ids.length)).toBe('A 🦉')
    expect(answer(ids.length - 1)).toBe('A ')
  })

  it('refuses text far beyond the context without encoding it', async () => {
    const encode = vi.spyOn(pipeline.tokenizer, 'encode')
    const far = turn('user', '汉字'.repeat(500_000))
    const request = { sampling: greedy, leftOut: 0 }
    const refused = { code: 'context-full', message: expect.stringMatching(/at least \d+ rows/) }
    for (const messages of [[far], [weekQuestion, turn('assistant', 'Seven.'), far]])
      await expect(generate(pipeline, { ...request, messages })).rejects.toMatchObject(refused)
    expect(encode).not.toHaveBeenCalled()
    // What is left out is not encoded either.
    const { stats } = await generate(pipeline, { ...request, messages: [far, turn('assistant', 'Yes.'), weekQuestion] })
    expect(stats.leftOut).toBe(2)
    encode.mockRestore()
  })

  it('refuses a conversation that does not fit, and says how many rows it has and may have', async () => {
    const picture = await referencePicture('small')
    const long = turn('user', 'a word and another '.repeat(700), picture)
    const refused = ask([long])
    await expect(refused).rejects.toMatchObject({ code: 'context-full' })
    await expect(refused).rejects.toThrow(/needs \d{4} rows \(7 of them for 1 picture, 1 for an answer\).* holds 2048/)
  })

  it('ends with `length` when the context is full, every row of it used', async () => {
    const text = 'word '.repeat(2030)
    const result = await ask([turn('user', text)], { maxTokens: 1000 })
    expect(result.finish).toBe('length')
    // The last token is returned without a row of its own.
    expect(result.stats.promptRows + result.stats.tokens).toBe(2049)
  })

  it('stops between two steps and keeps what there is', async () => {
    const stop = new AbortController()
    let steps = 0
    const onText = () => {
      if (++steps === 4) stop.abort()
    }
    const result = await ask([weekQuestion], { maxTokens: 500 }, { onText, signal: stop.signal })
    expect(result.finish).toBe('cancelled')
    expect(referenceText.startsWith(result.text)).toBe(true)
    expect(result.stats.tokens).toBeLessThan(10)
  })

  it('stops between two chunks of a prompt, and goes on from there when asked again', async () => {
    const stop = new AbortController()
    const messages = [turn('user', 'a long question '.repeat(200))]
    const onProgress = ({ stage, done }: { stage: string; done: number }) => {
      if (stage === 'reading' && done > 200) stop.abort()
    }
    const result = await ask(messages, {}, { onProgress, signal: stop.signal })
    expect(result).toMatchObject({ finish: 'cancelled', text: '', stats: { tokens: 0 } })
    const again = await ask(messages)
    expect(again.stats.cachedRows).toBeGreaterThan(200)
    expect(again.stats.tokens).toBe(20)
  })
})
