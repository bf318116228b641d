import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { installModel } from '../../native-models/install/install-model.ts'
import type { NumberType } from '../../native-models/onnx/device-operators.ts'
import { compareValues } from '../../native-models/quantization/error-metrics.ts'
import { agreementOf, sampleLogits } from '../../src-main/core/model-agreement.ts'
import { takeSoftwareDriver } from './software-driver.ts'

const driver = takeSoftwareDriver()
if (driver && !driver.halfFloats) console.log('Skipped: this Vulkan driver does not compute in half floats.')
const checkpointFolder = join(import.meta.dirname, '../fixtures/reference/tiny-gqa')

/** Power of the difference over that of the logits, mean over the positions. */
function distance(actual: readonly Float32Array[], expected: readonly Float32Array[]): number {
  return actual.reduce((sum, logits, i) => sum + compareValues(logits, expected[i]!).relativePower, 0) / actual.length
}

// A half float is exact to 2^-11 and the errors of many roundings add up as their squares do. What it comes to is
// measured by the one loss that every answer on the processor has: it multiplies with activations rounded to 8 bits.
it.skipIf(!driver?.halfFloats)(
  'half floats on WebGPU lose less than a tenth of what the processor loses by 8-bit activations',
  async () => {
    const modelsFolder = await mkdtemp(join(tmpdir(), 'owl-half-'))
    try {
      await installModel({ checkpointFolder, modelsFolder, name: 'model' })
      const folder = join(modelsFolder, 'model')
      const onGpu = (numbers: NumberType) =>
        sampleLogits(folder, { on: { device: 'webgpu', numbers, longAttention: false, threads: 0 } })
      const whole = await onGpu('float32')
      const half = await onGpu('float16')
      const onProcessor = await sampleLogits(folder)
      expect(distance(half, whole)).toBeLessThan(distance(onProcessor, whole) / 10)
      expect(agreementOf(half, whole).cosine).toBeGreaterThan(0.999)
      // Half floats do something: were the graph the same, so would be the numbers.
      expect(distance(half, whole)).toBeGreaterThan(0)
    } finally {
      await rm(modelsFolder, { recursive: true, force: true })
    }
  },
  300_000,
)
