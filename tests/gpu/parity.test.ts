import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkParity } from '../parity/parity.ts'
import { takeSoftwareDriver, testsEverything } from './software-driver.ts'

const driver = takeSoftwareDriver()
const fixtures = join(import.meta.dirname, '../fixtures/reference')

// Sessions fail to open where a single node would run on the processor. The software drivers compute attention of many
// rows wrongly, so the graphs take the way for such devices.
describe.skipIf(!driver)('on WebGPU alone', () => {
  it.each(testsEverything && !driver?.slow ? ['tiny-gqa', 'tiny-512', 'tiny-32k'] : ['tiny-gqa'])(
    '%s gives what the published code gives, within the tolerances of the processor',
    async (name) => {
      const { report, cases } = await checkParity(join(fixtures, name), join(fixtures, 'expected', name), undefined, {
        device: 'webgpu',
        numbers: 'float32',
        longAttention: false,
        threads: 0,
      })
      expect(report.lines().filter((line) => line.startsWith('FAILED'))).toEqual([])
      expect([...report.failedCases]).toEqual([])
      expect(cases).toBe(9)
      for (const group of ['vision.layer', 'abstractor.output', 'decoder.norm', 'cache.key', 'greedy tokens']) {
        expect(report.groups.get(group)?.compared).toBeGreaterThan(6)
      }
    },
    600_000,
  )
})
