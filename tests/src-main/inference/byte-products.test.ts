import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { readConfig } from '../../../native-models/mplug-owl2/config.ts'
import { byteSums, hasRoomForBytes } from '../../../src-main/inference/byte-products.ts'

it('finds sums of four products where the processor has instructions for them, and pairs elsewhere', async ({
  skip,
}) => {
  if (process.platform !== 'linux' || process.arch !== 'x64') skip('what the processor has is read from /proc/cpuinfo')
  const has = /\bavx512_vnni\b|\bavx_vnni\b/.test(readFileSync('/proc/cpuinfo', 'utf8'))
  expect(await byteSums()).toBe(has ? 'fours' : 'pairs')
})

it('does not promise them where nobody has measured them', async () => {
  expect(await byteSums('arm64')).toBeUndefined()
})

const published = readConfig({ visual_config: {} }).decoder
const mini = { ...published, width: 576, layers: 30, heads: 9, keyHeads: 3, headWidth: 64, ffnWidth: 1536 }

it('has room for a small model only', () => {
  expect(hasRoomForBytes(mini, 2 ** 30)).toBe(true)
  expect(hasRoomForBytes(published, 2 ** 40)).toBe(false)
})

it('leaves memory that is scarce to others', () => {
  expect(hasRoomForBytes(mini, 2 ** 28)).toBe(false)
})
