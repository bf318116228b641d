import { GlobalFonts } from '@napi-rs/canvas'
import { describe, expect, it } from 'vitest'
import { emojiStyles } from '../../../../native-models/training/renderers/emoji-pictures.ts'
import { fontFamilies, requireFonts } from '../../../../native-models/training/renderers/fonts.ts'
import { iconConcepts } from '../../../../native-models/training/renderers/icon-concepts.ts'
import { heldOutShades, trainingShades } from '../../../../native-models/training/renderers/palette.ts'
import { Random } from '../../../../native-models/training/renderers/random.ts'
import type { Split } from '../../../../native-models/training/renderers/split.ts'
import { Vocabulary, words } from '../../../../native-models/training/renderers/vocabulary.ts'
import { windowThemes } from '../../../../native-models/training/renderers/window-theme.ts'

const names = (split: Split) => windowThemes(split).map(({ name }) => name)
const shared = <T>(a: readonly T[], b: readonly T[]) => a.filter((item) => b.includes(item))

describe('what is held out', () => {
  it('is a tenth of the words', () => {
    expect(shared(words('train'), words('test'))).toEqual([])
    expect(words('train')).toEqual(words('validation'))
    expect(words('test').length / (words('test').length + words('train').length)).toBeCloseTo(0.1, 2)
  })

  it('is never shared with training', () => {
    expect(shared(fontFamilies('train').display, fontFamilies('test').display)).toEqual([])
    expect(shared(trainingShades(), heldOutShades())).toEqual([])
    expect(shared(names('train'), names('test'))).toEqual([])
    expect(shared(emojiStyles('train'), emojiStyles('test'))).toEqual([])
    const sets = (split: 'train' | 'test') =>
      iconConcepts(split).flatMap((concept) => concept.icons.map((icon) => icon.set))
    expect(shared(sets('train'), sets('test'))).toEqual([])
  })

  it('is drawn with its own fonts or not at all: those that this machine lacks are named', () => {
    const wanted = [...fontFamilies('train').display, ...fontFamilies('test').display]
    const missing = wanted.filter((family) => !GlobalFonts.has(family))
    if (missing.length === 0) expect(requireFonts).not.toThrow()
    else expect(requireFonts).toThrow(`not installed: ${missing.join(', ')}.`)
  })
})

const allWords = [...words('train'), ...words('test')]

describe('Vocabulary', () => {
  it('never gives a training split a held-out word', () => {
    const train = new Vocabulary('train')
    const held = new Set(words('test'))
    const random = new Random(5)
    for (let draw = 0; draw < 3000; draw++) expect(held.has(train.word(random))).toBe(false)
  })

  it('keeps a tenth of the button texts for the test split', () => {
    const random = new Random(6)
    const wordList = new Set(allWords)
    const drawn = (vocabulary: Vocabulary) =>
      new Set(
        Array.from({ length: 4000 }, () => vocabulary.buttons(random, 1)[0]!).filter(
          (text) => !wordList.has(text.toLowerCase()),
        ),
      )
    const training = drawn(new Vocabulary('train'))
    const test = drawn(new Vocabulary('test'))
    const heldOut = [...test].filter((text) => !training.has(text))
    expect(training.size).toBeGreaterThan(15)
    expect(heldOut.length).toBeGreaterThan(0)
    expect([...training].every((text) => test.has(text))).toBe(true)
  })

  it('gives different texts', () => {
    const vocabulary = new Vocabulary('train')
    const random = new Random(7)
    for (let draw = 0; draw < 200; draw++) {
      const texts = vocabulary.buttons(random, 3).map((text) => text.toLowerCase())
      expect(new Set(texts).size).toBe(3)
    }
  })
})
