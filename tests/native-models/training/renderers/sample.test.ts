import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { KINDS } from '../../../../native-models/training/renderers/kinds.ts'
import { COLOURS, ELEMENTS, GLYPHS } from '../../../../native-models/training/renderers/label-map.ts'
import { WORD_SUFFIX } from '../../../../native-models/training/renderers/questions.ts'
import { drawSample, kindSchedule, type Sample } from '../../../../native-models/training/renderers/sample.ts'
import type { Scene } from '../../../../native-models/training/renderers/scene.ts'
import type { Split } from '../../../../native-models/training/renderers/split.ts'
import { Vocabulary } from '../../../../native-models/training/renderers/vocabulary.ts'

const SIZE = 224
const GRID = 16
const pool: Scene[] = []
const vocabularies = {
  train: new Vocabulary('train'),
  validation: new Vocabulary('validation'),
  test: new Vocabulary('test'),
}

function draw(kind: string, seed: number, index: number, split: Split = 'train', size = SIZE): Sample {
  return drawSample(kind, seed, index, vocabularies[split], size, size === SIZE ? pool : [])
}

function fingerprint(sample: Sample): string {
  const hash = createHash('sha256')
  for (const scene of sample.scenes) hash.update(scene.pixels()).update(scene.labels(GRID))
  const { scenes, ...rest } = sample
  return hash.update(JSON.stringify(rest)).digest('hex')
}

describe.each(Object.keys(KINDS))('a sample of kind %s', (kind) => {
  it('depends on nothing but seed and index', () => {
    const first = fingerprint(draw(kind, 3, 7))
    draw('shapes', 8, 8)
    expect(fingerprint(draw(kind, 3, 7))).toBe(first)
    expect(fingerprint(draw(kind, 3, 8))).not.toBe(first)
    expect(fingerprint(draw(kind, 4, 7))).not.toBe(first)
  })

  it('has labels inside the class lists and boxes that touch the picture', () => {
    for (let index = 0; index < 15; index++) {
      const sample = draw(kind, 5, index)
      for (const scene of sample.scenes) {
        const labels = scene.labels(GRID)
        expect(labels).toHaveLength(GRID * GRID * 3)
        expect(labels.some((label) => label > 0)).toBe(true)
        for (let at = 0; at < labels.length; at += 3) {
          expect(labels[at]).toBeLessThan(ELEMENTS.length)
          expect(labels[at + 1]).toBeLessThan(COLOURS.length)
          expect(labels[at + 2]).toBeLessThan([...GLYPHS].length)
        }
      }
      for (const box of sample.boxes) {
        expect(box.x + box.w).toBeGreaterThan(0)
        expect(box.y + box.h).toBeGreaterThan(0)
        expect(box.x).toBeLessThan(SIZE)
        expect(box.y).toBeLessThan(SIZE)
      }
    }
  })

  it.each(['train', 'test'] as const)('asks complete questions with accepted answers (%s)', (split) => {
    for (let index = 0; index < 25; index++) {
      const { questions } = draw(kind, 6, index, split)
      expect(questions.length).toBeGreaterThan(0)
      for (const { question, answer, answers, form } of questions) {
        expect(question).not.toMatch(/[{}]|undefined/)
        expect(answer).not.toMatch(/undefined|NaN/)
        expect(answer.trim()).not.toBe('')
        expect(question.endsWith(WORD_SUFFIX)).toBe(form === 'word')
        if (form !== 'sentence') expect(answers).toContain(answer)
      }
    }
  })

  it('keeps all text inside the picture', () => {
    for (let index = 0; index < 25; index++) {
      for (const scene of draw(kind, 9, index).scenes) {
        expect(scene.overflowingText(), `${kind} ${index}`).toEqual([])
      }
    }
  })

  it('draws the same layout larger at 448 pixels', () => {
    const sample = draw(kind, 3, 2, 'train', 448)
    for (const scene of sample.scenes) {
      expect(scene.pixels()).toHaveLength(448 * 448 * 3)
      expect(scene.labels(32)).toHaveLength(32 * 32 * 3)
    }
  })
})

describe('answers over many samples', () => {
  const schedule = kindSchedule(1)
  const counts = new Map<string, Map<string, number>>()
  for (let index = 0; index < 1600; index++) {
    for (const { kind, answers } of draw(schedule[index % schedule.length]!, 11, index).questions) {
      const group = counts.get(kind) ?? new Map<string, number>()
      group.set(answers[0]!, (group.get(answers[0]!) ?? 0) + 1)
      counts.set(kind, group)
    }
  }
  const share = (group: Map<string, number>, answer: string) =>
    (group.get(answer) ?? 0) / [...group.values()].reduce((sum, count) => sum + count, 0)

  it.each([
    'button-present',
    'checked',
    'option-present',
    'row-present',
    'tab-present',
    'thing',
    'shape-present',
    'icon-present',
    'emoji-is',
    'chart-compare',
  ])('of %s are about as often yes as no', (kind) => {
    const group = counts.get(kind)!
    expect([...group.keys()].sort()).toEqual(['no', 'yes'])
    expect(share(group, 'yes')).toBeGreaterThan(0.35)
    expect(share(group, 'yes')).toBeLessThan(0.65)
  })

  it('leave no group to a constant', () => {
    for (const [kind, group] of counts) {
      const total = [...group.values()].reduce((sum, count) => sum + count, 0)
      if (total < 60) continue
      const most = Math.max(...[...group.keys()].map((answer) => share(group, answer)))
      expect(most, kind).toBeLessThan(0.68)
    }
  })
})

describe('kindSchedule', () => {
  it('keeps the weights and follows the seed', () => {
    const schedule = kindSchedule(1)
    for (const [kind, { weight }] of Object.entries(KINDS)) {
      expect(schedule.filter((name) => name === kind)).toHaveLength(weight)
    }
    expect(kindSchedule(1)).toEqual(schedule)
    expect(kindSchedule(2)).not.toEqual(schedule)
  })

  it('refuses a kind that does not exist', () => {
    expect(() => kindSchedule(1, ['dialogue'])).toThrow(/no kind dialogue/)
  })
})
