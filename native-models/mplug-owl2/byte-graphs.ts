import { join } from 'node:path'
import { graphFiles } from '../install/manifest.ts'
import { GraphBuilder } from '../onnx/graph-builder.ts'
import { InstalledGraph } from '../onnx/installed-graph.ts'
import { encodeModel } from '../onnx/model-file.ts'
import { ByteWeights } from './byte-weights.ts'
import type { OwlConfig } from './config.ts'
import { buildModalityAdaptiveDecoder } from './modality-adaptive-decoder.ts'

export interface ByteGraphOptions {
  /** Asked now and then whether to give up. */
  stopped?: (() => boolean) | undefined
  /** Adds inner states as outputs, for parity tests. */
  taps?: boolean
}

/**
 * The decoder of an installed model for prompts: the graph of `modality-adaptive-decoder.ts` over products of bytes. It is
 * made when a model is loaded, so that every installed model has it and no file is written, and takes a byte of memory for
 * each weight.
 * @returns the model's bytes, its other weights lie in `folder`; nothing where it was given up
 * @throws OwlError `model-damaged`, also where matrices are not stored in blocks
 */
export async function promptDecoderGraph(
  folder: string,
  config: OwlConfig,
  { stopped, taps }: ByteGraphOptions = {},
): Promise<Uint8Array | undefined> {
  const installed = await InstalledGraph.open(join(folder, graphFiles.decoder))
  const weights = new ByteWeights(new GraphBuilder('prompt-decoder'), installed)
  const graph = buildModalityAdaptiveDecoder(weights, config, taps)
  const initialisers = await weights.initialisers(stopped)
  return initialisers && encodeModel(graph, initialisers)
}
