import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import type { graphFiles, Manifest, Precision } from '../install/manifest.ts'
import { GraphBuilder } from '../onnx/graph-builder.ts'
import { weightBytes, writeModelFile } from '../onnx/model-file.ts'
import type { JobOptions } from '../progress.ts'
import { checkWeights, expectedWeights } from './checkpoint-keys.ts'
import type { OwlConfig } from './config.ts'
import { buildModalityAdaptiveDecoder } from './modality-adaptive-decoder.ts'
import { ModuleWeights } from './module-weights.ts'
import { buildVisionEncoder } from './vision-encoder.ts'
import { buildVisualAbstractor } from './visual-abstractor.ts'

export type GraphName = keyof typeof graphFiles

export interface GraphOptions {
  precision: Manifest['precision']
  /** All three where left out. */
  graphs?: readonly GraphName[]
  /** Adds the modules' inner states as outputs, for parity tests and analysis. */
  taps?: boolean
}

export interface WriteGraphsOptions extends GraphOptions {
  /** An existing folder; the graphs and their weight files are written into it, over files of the same names. */
  folder: string
  /** No weight file grows beyond this, unless a single weight is larger. */
  maxFileBytes: number
}

/**
 * Writes the graphs of a model straight from its checkpoint.
 * @returns names of the files written
 * @throws OwlError `weights-missing`, `weights-misshapen`, `checkpoint-damaged`, `disk-full`, `cancelled`
 */
export async function writeGraphs(
  checkpoint: Checkpoint,
  config: OwlConfig,
  { folder, maxFileBytes, ...options }: WriteGraphsOptions,
  { signal, onProgress }: JobOptions = {},
): Promise<string[]> {
  const graphs = buildGraphs(checkpoint, config, options)
  const total = bytesOfAll(graphs)
  const files: string[] = []
  let before = 0
  for (const graph of graphs) {
    const report = ({ done }: { done: number }) =>
      onProgress?.({ stage: `writing ${graph.name}`, done: before + done, total, unit: 'bytes' })
    files.push(...(await writeModelFile(graph, { folder, maxFileBytes }, { signal, onProgress: report })))
    before += weightBytes(graph)
  }
  return files
}

/** Bytes that the weights of a model of this config will take on disk, before a checkpoint is there. */
export function plannedBytes(config: OwlConfig, precision: Manifest['precision']): number {
  const weights = [...expectedWeights(config)].map(([name, { shape }]) => [name, { name, type: 'F16', shape }] as const)
  const nothing = async () => {
    throw new Error('A plan has no values.')
  }
  const plan: Checkpoint = { folder: '', weights: new Map(weights), read: nothing, verify: nothing, close: nothing }
  return bytesOfAll(buildGraphs(plan, config, { precision }))
}

function bytesOfAll(graphs: readonly GraphBuilder[]): number {
  return graphs.reduce((sum, graph) => sum + weightBytes(graph), 0)
}

/** @throws OwlError `weights-missing`, `weights-misshapen` */
export function buildGraphs(
  checkpoint: Checkpoint,
  config: OwlConfig,
  { precision, graphs = ['visionEncoder', 'visualAbstractor', 'decoder'], taps }: GraphOptions,
): GraphBuilder[] {
  checkWeights(checkpoint, config)
  const weights = (name: string, ...precisions: [Precision, Precision?]) =>
    new ModuleWeights(new GraphBuilder(name), checkpoint, ...precisions)
  const builders: Record<GraphName, () => GraphBuilder> = {
    visionEncoder: () => buildVisionEncoder(weights('vision-encoder', precision.vision), config, taps),
    visualAbstractor: () => buildVisualAbstractor(weights('visual-abstractor', precision.abstractor), config, taps),
    decoder: () =>
      buildModalityAdaptiveDecoder(
        weights('modality-adaptive-decoder', precision.decoder, precision.embedding),
        config,
        taps,
      ),
  }
  return graphs.map((graph) => builders[graph]())
}
