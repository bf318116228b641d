import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { openCheckpoint } from '../../../native-models/checkpoint/open-checkpoint.ts'
import { readConfig } from '../../../native-models/mplug-owl2/config.ts'
import { gridPositions, linePositions } from '../../../native-models/mplug-owl2/sine-positions.ts'
import { largestDifference, referenceNames } from './reference-model.ts'

test.each(referenceNames)('computed positions are the buffers of %s', async (name) => {
  const folder = path.join(import.meta.dirname, '../../fixtures/reference', name)
  const { abstractor } = readConfig(JSON.parse(await readFile(path.join(folder, 'config.json'), 'utf8')))
  const checkpoint = await openCheckpoint(folder)
  const layer = 'model.visual_abstractor.encoder.layers.0.crossattention.attention'
  const queries = await checkpoint.read(`${layer}.q_pos_embed`)
  const image = await checkpoint.read(`${layer}.k_pos_embed`)
  await checkpoint.close()
  // The buffers are stored as half or brain floats: values up to 1 are within 2^-9 of what was rounded.
  expect(largestDifference(linePositions(abstractor.queries, abstractor.width), queries)).toBeLessThan(2 ** -9)
  expect(largestDifference(gridPositions(abstractor.gridSize, abstractor.width), image)).toBeLessThan(2 ** -9)
})
