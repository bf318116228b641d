import { appendFile, copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { OwlError } from '../../../native-models/owl-error.ts'
import { evaluate } from '../../../src-main/core/evaluation.ts'
import { scorePredictions } from '../../../src-main/core/evaluation-score.ts'
import { type EvaluationQuestion, readEvaluationSet } from '../../../src-main/core/evaluation-set.ts'
import type { Message } from '../../../src-main/inference/protocol.ts'

const question = (kind: string, ...answers: string[]): EvaluationQuestion => ({
  images: [],
  question: `A question of kind ${kind}?`,
  answers,
  kind,
})

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'owl-evaluation-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('scorePredictions', () => {
  const questions = [
    question('theme', 'dark'),
    question('theme', 'dark'),
    question('theme', 'light', 'bright'),
    question('count', '2', 'two'),
    question('count', '3'),
  ]

  it('counts exact matches by kind, beside the best constant answer', () => {
    expect(scorePredictions(questions, ['Dark.', 'light', 'bright', 'two', 'four'])).toEqual({
      kinds: [
        { kind: 'count', n: 2, exactMatch: 1 / 2, constant: 1 / 2, constantAnswer: '2' },
        { kind: 'theme', n: 3, exactMatch: 2 / 3, constant: 2 / 3, constantAnswer: 'dark' },
      ],
      n: 5,
      exactMatch: 3 / 5,
      constant: 3 / 5,
    })
  })

  it('scores captions by facts and leaves them out of the rest', () => {
    const caption = { ...question('caption', 'A dark window.'), facts: ['dark', 'window'] }
    const score = scorePredictions([...questions, caption], ['dark', 'dark', 'light', '2', '3', 'A dark table.'])
    expect(score).toMatchObject({ n: 5, exactMatch: 1 })
    expect(score.captions).toEqual({
      n: 1,
      statedTrue: 1,
      factsStated: 1 / 2,
      reference: { n: 1, statedTrue: 1, factsStated: 1 },
    })
  })

  it('takes a sentence that names the answer, where a question says so', () => {
    const named = { ...question('fact', 'Paris'), match: 'named' as const }
    expect(scorePredictions([named], ['The capital is Paris.']).exactMatch).toBe(1)
    expect(scorePredictions([named], ['The Parisian capital.']).exactMatch).toBe(0)
    expect(scorePredictions([question('fact', 'Paris')], ['The capital is Paris.']).exactMatch).toBe(0)
  })

  it('counts a missing prediction as wrong', () => {
    expect(scorePredictions(questions, []).exactMatch).toBe(0)
  })
})

describe('readEvaluationSet', () => {
  it('takes paths relative to the file and skips empty lines', async () => {
    const path = join(folder, 'set.jsonl')
    await writeFile(path, '{"images":["a.png"],"question":"Q?","answers":["yes"],"kind":"k"}\n\n')
    expect(await readEvaluationSet(path)).toEqual([
      { images: [join(folder, 'a.png')], question: 'Q?', answers: ['yes'], kind: 'k' },
    ])
  })

  it.each([
    ['no JSON', '{"question":'],
    ['no answers', '{"question":"Q?","answers":[]}'],
    ['no object', '42'],
  ])('names the line that is wrong: %s', async (_, line) => {
    const path = join(folder, 'set.jsonl')
    await writeFile(path, `{"question":"Q?","answers":["yes"]}\n${line}\n`)
    await expect(readEvaluationSet(path)).rejects.toMatchObject({
      code: 'request-invalid',
      message: expect.stringContaining('Line 2'),
    })
  })

  it('says so when there is no file or no question', async () => {
    await expect(readEvaluationSet(join(folder, 'missing.jsonl'))).rejects.toMatchObject({ code: 'not-found' })
    await writeFile(join(folder, 'empty.jsonl'), '\n')
    await expect(readEvaluationSet(join(folder, 'empty.jsonl'))).rejects.toMatchObject({ code: 'request-invalid' })
  })
})

describe('evaluate', () => {
  const questions = [question('a', 'yes'), question('b', 'no'), question('c', 'one')]
  const textOf = (messages: Message[]) =>
    messages.flatMap(({ parts }) => parts.map((part) => (part.type === 'text' ? part.text : ''))).join('')
  /** Answers the three questions, two of them rightly, and keeps what it was asked. */
  function answerer() {
    const asked: string[] = []
    const answer = async (messages: Message[]) => {
      const text = textOf(messages)
      asked.push(text)
      return text.includes('kind c') ? 'two' : text.includes('kind a') ? 'Yes!' : 'no'
    }
    return { asked, answer }
  }

  it('writes each prediction and continues from what was written', async () => {
    const out = join(folder, 'out.jsonl')
    const first = answerer()
    const whole = await evaluate(questions, first.answer, { out })
    expect(whole.scores[0]!.score.exactMatch).toBeCloseTo(2 / 3)
    const lines = (await readFile(out, 'utf8')).trim().split('\n')
    expect(lines.map((line) => JSON.parse(line).right)).toEqual([true, true, false])

    // Killed in the middle of the last line.
    await writeFile(out, `${lines.slice(0, 2).join('\n')}\n${lines[2]!.slice(0, 10)}`)
    const second = answerer()
    const resumed = await evaluate(questions, second.answer, { out })
    expect(second.asked).toEqual(['A question of kind c?'])
    expect(resumed).toEqual(whole)
    expect((await readFile(out, 'utf8')).trim().split('\n')).toEqual(lines)
  })

  it('refuses predictions of another set', async () => {
    const out = join(folder, 'out.jsonl')
    await evaluate(questions, answerer().answer, { out })
    await expect(evaluate([question('other', 'x')], answerer().answer, { out })).rejects.toMatchObject({
      code: 'request-invalid',
    })
    expect((await readFile(out, 'utf8')).trim().split('\n')).toHaveLength(3)
  })

  it('counts a question that cannot be asked as wrong, goes on, and asks it again on resuming', async () => {
    const out = join(folder, 'out.jsonl')
    const withPicture = { ...questions[0]!, images: [join(folder, 'a.png')] }
    const set = [withPicture, ...questions.slice(1)]
    const { failures, scores } = await evaluate(set, answerer().answer, { out })
    expect(failures).toMatchObject([{ index: 0, right: false, error: expect.stringContaining('a.png') }])
    expect(scores[0]!.score.exactMatch).toBeCloseTo(1 / 3)

    await copyFile('tests/fixtures/reference/images/small.png', join(folder, 'a.png'))
    const again = await evaluate(set, answerer().answer, { out })
    expect(again.failures).toEqual([])
    expect(again.scores[0]!.score.exactMatch).toBeCloseTo(2 / 3)
  })

  it('stops when asked to and keeps the answers before, not the one that was cut off', async () => {
    const out = join(folder, 'out.jsonl')
    const controller = new AbortController()
    const answer = async (messages: Message[]) => {
      if (textOf(messages).includes('kind b')) controller.abort()
      return 'yes'
    }
    await expect(evaluate(questions, answer, { out, signal: controller.signal })).rejects.toMatchObject({
      code: 'cancelled',
    })
    expect((await readFile(out, 'utf8')).trim().split('\n')).toHaveLength(1)
  })

  it('does not go on without a model', async () => {
    const answer = async () => {
      throw new OwlError('model-not-loaded', 'No model is loaded.')
    }
    await expect(evaluate(questions, answer)).rejects.toMatchObject({ code: 'model-not-loaded' })
  })

  it('gives the lines of text with the question only where wanted', async () => {
    const set = [{ ...questions[0]!, text: ['Settings', 'OK'] }]
    const without = answerer()
    await evaluate(set, without.answer)
    expect(without.asked).toEqual(['A question of kind a?'])
    const given = answerer()
    await evaluate(set, given.answer, { aids: ['simulated'] })
    expect(given.asked[0]).toMatch(/Settings\nOK\n.*A question of kind a\?$/s)
  })

  it('asks and scores once with each text aid, and continues with the one that is missing', async () => {
    const out = join(folder, 'out.jsonl')
    const set = [{ ...questions[1]!, text: ['kind a'] }, questions[0]!]
    await evaluate(set, answerer().answer, { out })
    const second = answerer()
    const { scores } = await evaluate(set, second.answer, { out, aids: ['none', 'simulated'] })
    expect(second.asked).toHaveLength(2)
    expect(scores.map(({ aid, score }) => [aid, score.exactMatch])).toEqual([
      ['none', 1],
      ['simulated', 1 / 2],
    ])
  })

  it('asks clips once more with their first frame alone, and tells what that gets', async () => {
    const out = join(folder, 'out.jsonl')
    const images = ['small', 'grey'].map((name) => `tests/fixtures/reference/images/${name}.png`)
    const set = [
      { ...question('clip-order', 'two'), images },
      { ...question('differs', 'two'), images },
      { ...question('clip-order', 'two'), images: images.slice(1) },
    ]
    const asked: number[] = []
    // Right only where there is a second frame.
    const answer = async (messages: Message[]) => {
      const pictures = messages.flatMap(({ parts }) => parts).filter(({ type }) => type === 'picture').length
      asked.push(pictures)
      return pictures > 1 ? 'two' : 'one'
    }
    const { scores, firstFrame } = await evaluate(set, answer, { firstFrame: true, out })
    expect(asked).toEqual([2, 1, 2, 1])
    expect(scores[0]!.score.exactMatch).toBeCloseTo(2 / 3)
    expect(firstFrame).toMatchObject({ n: 1, exactMatch: 0, kinds: [{ kind: 'clip-order', n: 1 }] })
    expect(await evaluate(set, answer, { firstFrame: true, out })).toEqual({ scores, firstFrame, failures: [] })
    expect(asked).toHaveLength(4)
    expect((await evaluate(set, answer, { out })).firstFrame).toBeUndefined()
  })

  it('asks the first questions of each kind where only some are wanted', async () => {
    const { asked, answer } = answerer()
    const set = [...questions, ...questions]
    const { scores } = await evaluate(set, answer, { most: 1 })
    expect(asked).toHaveLength(3)
    expect(scores[0]!.score).toMatchObject({ n: 3, exactMatch: 2 / 3 })
  })

  it('reports a torn line in the middle instead of dropping what follows', async () => {
    const out = join(folder, 'out.jsonl')
    await evaluate(questions.slice(0, 1), answerer().answer, { out })
    const [line] = (await readFile(out, 'utf8')).split('\n')
    await writeFile(out, 'torn\n')
    await appendFile(out, `${line}\n`)
    await expect(evaluate(questions, answerer().answer, { out })).rejects.toMatchObject({ code: 'request-invalid' })
  })
})
