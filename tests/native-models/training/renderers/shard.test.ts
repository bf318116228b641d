import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ELEMENTS, GLYPHS } from '../../../../native-models/training/renderers/label-map.ts'
import { drawSample } from '../../../../native-models/training/renderers/sample.ts'
import { ShardWriter } from '../../../../native-models/training/renderers/shard.ts'
import { Vocabulary } from '../../../../native-models/training/renderers/vocabulary.ts'

const options = { size: 224, seed: 4, split: 'train', source: 'canvas' } as const
const vocabulary = new Vocabulary('train')
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shard-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

describe('ShardWriter', () => {
  it('writes files of the sizes that meta.json tells', () => {
    const shard = join(folder, 'a')
    const writer = new ShardWriter(shard, options)
    const samples = ['dialog', 'clip', 'word'].map((kind, index) => {
      const sample = drawSample(kind, 4, index, vocabulary, 224, [])
      writer.add(sample)
      return sample
    })
    expect(existsSync(shard)).toBe(false)
    writer.finish()
    const pictures = samples.reduce((sum, sample) => sum + sample.scenes.length, 0)
    const meta = JSON.parse(readFileSync(join(shard, 'meta.json'), 'utf8'))
    expect(meta).toMatchObject({
      size: 224,
      patch: 14,
      pictures,
      samples: 3,
      elements: [...ELEMENTS],
      glyphs: GLYPHS,
      seed: 4,
      split: 'train',
    })
    expect(statSync(join(shard, 'pictures.rgb')).size).toBe(pictures * 224 * 224 * 3)
    expect(statSync(join(shard, 'labels.u8')).size).toBe(pictures * 16 * 16 * 3)
    const rows = readFileSync(join(shard, 'samples.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(rows.flatMap((row) => row.pictures)).toEqual(Array.from({ length: pictures }, (_, index) => index))
    expect(rows[1].questions).toEqual(samples[1]!.questions)
    const stored = readFileSync(join(shard, 'pictures.rgb'))
    expect(stored.subarray(0, 224 * 224 * 3).equals(samples[0]!.scenes[0]!.pixels())).toBe(true)
  })

  it('leaves nothing behind when abandoned', () => {
    const writer = new ShardWriter(join(folder, 'b'), options)
    writer.add(drawSample('shapes', 1, 1, vocabulary, 224, []))
    writer.abandon()
    expect(readdirSync(folder)).toEqual([])
  })

  it('refuses a folder that exists and a size off the patch grid', () => {
    expect(() => new ShardWriter(folder, options)).toThrow(/exists already/)
    expect(() => new ShardWriter(join(folder, 'c'), { ...options, size: 225 })).toThrow(/multiple of the patch/)
  })
})
