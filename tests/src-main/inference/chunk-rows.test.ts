import { expect, it } from 'vitest'
import { readConfig } from '../../../native-models/mplug-owl2/config.ts'
import { chunkRowsOf } from '../../../src-main/inference/chunk-rows.ts'

const published = readConfig({ visual_config: {} }).decoder

it('takes 64 rows of LLaMA-2-7B at a time, so that a request stops within seconds', () => {
  expect(chunkRowsOf(published)).toBe(64)
})

it('takes more rows of a smaller model, and never more than 128', () => {
  expect(chunkRowsOf({ ...published, layers: 24 })).toBe(85)
  const mini = { width: 576, layers: 30, heads: 9, keyHeads: 3, headWidth: 64, ffnWidth: 1536 }
  expect(chunkRowsOf({ ...published, ...mini })).toBe(128)
})
