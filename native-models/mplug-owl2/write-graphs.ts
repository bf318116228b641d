import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import type { Manifest } from '../install/manifest.ts'
import { writeModelFile } from '../onnx/model-file.ts'
import { byteLength } from '../onnx/tensor-data.ts'
import type { JobOptions } from '../progress.ts'
import { checkWeights } from './checkpoint-keys.ts'
import type { OwlConfig } from './config.ts'
import { buildModalityAdaptiveDecoder } from './modality-adaptive-decoder.ts'
import { buildVisionEncoder } from './vision-encoder.ts'
import { buildVisualAbstractor } from './visual-abstractor.ts'

export interface WriteGraphsOptions {
  /** An existing folder; the graphs and their weight files are written into it. */
  folder: string
  precision: Manifest['precision']
  maxFileBytes: number
  /** Adds the modules' inner states as outputs. */
  taps?: boolean
}

/**
 * Writes the three graphs of a model straight from its checkpoint.
 * @returns names of the files written
 * @throws OwlError `weights-missing`, `weights-misshapen`, `checkpoint-damaged`, `disk-full`, `cancelled`
 */
export async function writeGraphs(
  checkpoint: Checkpoint,
  config: OwlConfig,
  { folder, precision, maxFileBytes, taps }: WriteGraphsOptions,
  { signal, onProgress }: JobOptions = {},
): Promise<string[]> {
  checkWeights(checkpoint, config)
  const graphs = [
    buildVisionEncoder(checkpoint, config, { precision: precision.vision, taps }),
    buildVisualAbstractor(checkpoint, config, { precision: precision.abstractor, taps }),
    buildModalityAdaptiveDecoder(checkpoint, config, {
      precision: precision.decoder,
      embeddingPrecision: precision.embedding,
      taps,
    }),
  ]
  const sizes = graphs.map((graph) =>
    graph.weights.flatMap(({ tensors }) => tensors).reduce((sum, tensor) => sum + byteLength(tensor), 0),
  )
  const total = sizes.reduce((sum, size) => sum + size, 0)
  const files: string[] = []
  let before = 0
  for (const [index, graph] of graphs.entries()) {
    const written = await writeModelFile(
      graph,
      { folder, maxFileBytes },
      {
        signal,
        onProgress: ({ done }) =>
          onProgress?.({ stage: `writing ${graph.name}`, done: before + done, total, unit: 'bytes' }),
      },
    )
    files.push(...written)
    before += sizes[index]!
  }
  return files
}
