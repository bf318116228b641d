import { describe, expect, it } from 'vitest'
import {
  type Ask,
  absent,
  article,
  counted,
  indefinite,
  phrase,
  phraseSome,
  WORD_SUFFIX,
  yesNo,
} from '../../../../native-models/training/renderers/questions.ts'
import { Random } from '../../../../native-models/training/renderers/random.ts'
import { WORDINGS } from '../../../../native-models/training/renderers/wordings.ts'

const ask: Ask = { kind: 'tab', wording: 'tab', answer: 'General', sentence: 'The General tab is selected.' }

describe('phrase', () => {
  it('answers in the form it asks for', () => {
    const random = new Random(1)
    const forms = new Set<string>()
    for (let draw = 0; draw < 60; draw++) {
      const { question, answer, form, answers } = phrase(random, ask)
      forms.add(form)
      expect(answer).toBe(form === 'sentence' ? 'The General tab is selected.' : 'General')
      expect(question.includes(WORD_SUFFIX)).toBe(form === 'word')
      expect(/sentence/.test(question)).toBe(form === 'sentence')
      expect(answers).toEqual(['General'])
    }
    expect([...forms].sort()).toEqual(['sentence', 'short', 'word'])
  })

  it('puts the right article before a slot', () => {
    const random = new Random(2)
    const { answers } = phrase(random, yesNo('icon-present', 'icon-present', 'envelope', true, 'it is', 'it is not'))
    expect(answers).toEqual(['yes'])
    for (let draw = 0; draw < 40; draw++) {
      const { question } = phrase(random, yesNo('icon-present', 'icon-present', 'envelope', true, 'it is', 'it is not'))
      expect(question).not.toMatch(/\ba envelope/i)
    }
  })

  it.each([
    ['names what is not there', 'tab', 'no tabs'],
    ['counts what is not there', 'count-tabs', '0'],
  ] as const)('%s in a word or phrase', (_, wording, word) => {
    const random = new Random(3)
    for (let draw = 0; draw < 30; draw++) {
      const { answer, form, answers } = phrase(random, absent(wording, 'tabs', undefined, true))
      expect(answer).toBe(form === 'word' ? word : 'There are no tabs.')
      if (form !== 'sentence') expect(answers).toContain(answer)
      // What would be right of anything, but a count, is no answer.
      expect(answers).not.toContain('none')
    }
  })
})

describe('phraseSome', () => {
  it('keeps to the number and repeats no wording', () => {
    const asks: Ask[] = [ask, ask, { ...ask, wording: 'tabs' }, { ...ask, wording: 'title' }]
    expect(phraseSome(new Random(4), asks, 2)).toHaveLength(2)
    expect(phraseSome(new Random(4), asks, 9)).toHaveLength(3)
  })
})

describe('counted', () => {
  it('accepts digits and words', () => {
    expect(counted('count', 'count-tabs', 3, ['tab', 'tabs'])).toMatchObject({
      answer: '3',
      accepted: ['three'],
      sentence: 'There are 3 tabs.',
    })
    expect(counted('count', 'count-tabs', 1, ['tab', 'tabs']).sentence).toBe('There is 1 tab.')
    expect(counted('count', 'count-tabs', 0, ['tab', 'tabs']).accepted).toContain('none')
  })
})

describe('article', () => {
  it.each([
    ['apple', 'an'],
    ['unicorn', 'a'],
    ['umbrella', 'an'],
    ['user', 'a'],
    ['Undo', 'an'],
    ['house', 'a'],
  ])('of %s is %s', (noun, expected) => {
    expect(article(noun)).toBe(expected)
  })

  it('is left away from plurals', () => {
    expect(indefinite('scissors')).toBe('scissors')
    expect(indefinite('cross')).toBe('a cross')
    expect(indefinite('bus')).toBe('a bus')
  })
})

describe('WORDINGS', () => {
  it('has at least six different wordings of each question', () => {
    for (const [name, wordings] of Object.entries(WORDINGS)) {
      expect(wordings.length, name).toBeGreaterThanOrEqual(6)
      expect(new Set<string>(wordings.map((wording) => wording.toLowerCase())).size, name).toBe(wordings.length)
    }
  })
})
