import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Checkpoint } from '../../native-models/checkpoint/checkpoint.ts'
import { installModel } from '../../native-models/install/install-model.ts'
import { openSource } from '../../native-models/install/source-checkpoint.ts'
import { writeGraphs } from '../../native-models/mplug-owl2/write-graphs.ts'
import { dequantizeInt4, type Int4Method, quantizeInt4 } from '../../native-models/quantization/block-int4.ts'
import { compareValues } from '../../native-models/quantization/error-metrics.ts'
import { agreementOf, sampleLogits } from '../../src-main/core/model-agreement.ts'
import { type Figure, type Measure, projectFolder } from './measure.ts'

const full = { vision: 'f32', abstractor: 'f32', decoder: 'f32', embedding: 'f32' } as const
const blockSizes = [16, 32, 64, 128]
const methods: Int4Method[] = ['min-max', 'least-squares']

/**
 * What rounding the decoder's matrices to 4 bits does, by block size and method: power of the error of the weights, and
 * the logits against those of the unrounded weights. On the reference checkpoints, and on OWL_BENCH_CHECKPOINT.
 */
export const int4Quality: Measure = {
  name: 'int4-quality',
  async run() {
    const reference = join(projectFolder, 'tests/fixtures/reference')
    const own = process.env.OWL_BENCH_CHECKPOINT
    const folders = own ? [own] : ['tiny-32k', 'tiny-512', 'tiny-gqa'].map((name) => join(reference, name))
    const figures: Figure[] = []
    for (const folder of folders) figures.push(...(await measure(folder)))
    return figures
  },
}

async function measure(checkpointFolder: string): Promise<Figure[]> {
  const modelsFolder = await mkdtemp(join(tmpdir(), 'owl-quality-'))
  const { checkpoint, config } = await openSource(checkpointFolder)
  const figures: Figure[] = []
  try {
    await installModel({ checkpointFolder, modelsFolder, name: 'model', precision: full })
    const folder = join(modelsFolder, 'model')
    const expected = await sampleLogits(folder)
    for (const method of methods)
      for (const blockSize of blockSizes) {
        const errors: number[] = []
        const through = rounded(checkpoint, blockSize, method, errors)
        await writeGraphs(through, config, { folder, precision: full, maxFileBytes: 2 ** 30, graphs: ['decoder'] })
        const { cosine, sameBest, positions } = agreementOf(await sampleLogits(folder), expected)
        const name = `${checkpointFolder.split('/').at(-1)}, ${method}, block ${blockSize}`
        const error = errors.reduce((sum, value) => sum + value, 0) / errors.length
        figures.push(
          { name: `${name}: weights`, value: 100 * error, unit: '% error power' },
          { name: `${name}: logits`, value: 100 * cosine, unit: '% cosine' },
          { name: `${name}: best token`, value: (100 * sameBest) / positions, unit: '% same' },
        )
      }
    return figures
  } finally {
    await checkpoint.close()
    await rm(modelsFolder, { recursive: true, force: true })
  }
}

/** Reads the decoder's matrices as what is left of them after they were rounded; the embedding is left as it is. */
function rounded(checkpoint: Checkpoint, blockSize: number, method: Int4Method, errors: number[]): Checkpoint {
  return {
    folder: checkpoint.folder,
    weights: checkpoint.weights,
    async read(name, rows) {
      const values = await checkpoint.read(name, rows)
      const { shape } = checkpoint.weights.get(name)!
      if (shape.length !== 2 || !/^model\.layers\./.test(name)) return values
      const columns = shape[1]!
      const back = dequantizeInt4(quantizeInt4(values, columns, blockSize, method), columns, blockSize)
      errors.push(compareValues(back, values).relativePower)
      return back
    },
    verify: async () => {},
    close: async () => {},
  }
}
