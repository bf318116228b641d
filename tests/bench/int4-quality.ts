import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Checkpoint } from '../../native-models/checkpoint/checkpoint.ts'
import { installModel } from '../../native-models/install/install-model.ts'
import { openSource } from '../../native-models/install/source-checkpoint.ts'
import { writeGraphs } from '../../native-models/mplug-owl2/write-graphs.ts'
import { dequantizeInt4, type Int4Method, quantizeInt4 } from '../../native-models/quantization/block-int4.ts'
import { dequantizeInt8, quantizeInt8 } from '../../native-models/quantization/block-int8.ts'
import { compareValues } from '../../native-models/quantization/error-metrics.ts'
import { agreementOf } from '../../src-main/core/model-agreement.ts'
import { type Figure, type Measure, projectFolder } from './measure.ts'
import { passageLogits } from './passage-logits.ts'

const full = { vision: 'f32', abstractor: 'f32', decoder: 'f32', embedding: 'f32' } as const
const tokens = 256

interface Rounding {
  method: Int4Method
  blockSize: number
  /** Keys, values and the way out of feed-forward layers take 8 bits, as with the precision `mixed`. */
  mixed: boolean
}
const roundings: Rounding[] = [false, true].flatMap((mixed) =>
  (['min-max', 'least-squares'] as const).flatMap((method) =>
    (mixed ? [32, 64] : [16, 32, 64, 128]).map((blockSize) => ({ method, blockSize, mixed })),
  ),
)

/**
 * What rounding the decoder's matrices to 4 bits does, by block size and method: power of the error of the weights, and
 * the logits of a passage against those of the unrounded weights. On the reference checkpoints, or on
 * OWL_BENCH_CHECKPOINT.
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
    const expected = await passageLogits(folder, tokens)
    for (const rounding of roundings) {
      const errors: number[] = []
      const through = rounded(checkpoint, rounding, errors)
      await writeGraphs(through, config, { folder, precision: full, maxFileBytes: 2 ** 30, graphs: ['decoder'] })
      const actual = await passageLogits(folder, tokens)
      const { cosine, sameBest, positions } = agreementOf(actual, expected)
      const { method, blockSize, mixed } = rounding
      const name = `${basename(checkpointFolder)}, ${mixed ? 'mixed, ' : ''}${method}, block ${blockSize}`
      const error = errors.reduce((sum, value) => sum + value, 0) / errors.length
      const divergence = expected.reduce((sum, logits, i) => sum + divergenceOf(actual[i]!, logits), 0) / positions
      figures.push(
        { name: `${name}: weights`, value: 100 * error, unit: '% error power' },
        { name: `${name}: logits`, value: 100 * cosine, unit: '% cosine' },
        { name: `${name}: next token`, value: divergence, unit: 'nats of divergence' },
        { name: `${name}: best token`, value: (100 * sameBest) / positions, unit: '% same' },
      )
    }
    return figures
  } finally {
    await checkpoint.close()
    await rm(modelsFolder, { recursive: true, force: true })
  }
}

/** Kullback-Leibler divergence of the next token's distribution from the expected one, in nats; 0 is equal. */
function divergenceOf(actual: Float32Array, expected: Float32Array): number {
  const [ours, theirs] = [logProbabilities(actual), logProbabilities(expected)]
  return theirs.reduce((sum, value, id) => sum + Math.exp(value) * (value - ours[id]!), 0)
}

function logProbabilities(logits: Float32Array): Float64Array {
  const largest = logits.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY)
  const total = logits.reduce((sum, value) => sum + Math.exp(value - largest), 0)
  return Float64Array.from(logits, (value) => value - largest - Math.log(total))
}

/** Reads the decoder's matrices as what is left of them after they were rounded; the embedding is left as it is. */
function rounded(checkpoint: Checkpoint, { method, blockSize, mixed }: Rounding, errors: number[]): Checkpoint {
  return {
    folder: checkpoint.folder,
    weights: checkpoint.weights,
    async read(name, rows) {
      const values = await checkpoint.read(name, rows)
      const { shape } = checkpoint.weights.get(name)!
      if (shape.length !== 2 || !/^model\.layers\./.test(name)) return values
      const columns = shape[1]!
      const back =
        mixed && /[kv]_proj|down_proj/.test(name)
          ? dequantizeInt8(quantizeInt8(values, columns, 64), columns, 64)
          : dequantizeInt4(quantizeInt4(values, columns, blockSize, method), columns, blockSize)
      errors.push(compareValues(back, values).relativePower)
      return back
    },
    verify: async () => {},
    close: async () => {},
  }
}
