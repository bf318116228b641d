import { join } from 'node:path'
import { expect, it } from 'vitest'
import { checkParity } from './parity.ts'

const fixtures = join(import.meta.dirname, '../fixtures/reference')

it.each(['tiny-32k', 'tiny-512', 'tiny-gqa'])('%s gives what the published code gives', async (name) => {
  const { report, cases } = await checkParity(
    join(fixtures, name),
    join(fixtures, 'expected', name),
    join(fixtures, 'images'),
  )
  expect(report.lines().filter((line) => line.startsWith('FAILED'))).toEqual([])
  expect([...report.failedCases]).toEqual([])
  expect(cases).toBe(9)
  // Every kind of value was there to be compared.
  for (const group of [
    'vision.layer',
    'abstractor.output',
    'decoder.norm',
    'cache.key',
    'logits.last',
    'greedy tokens',
  ]) {
    expect(report.groups.get(group)?.compared).toBeGreaterThan(6)
  }
})
