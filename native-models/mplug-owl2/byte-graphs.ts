import { join } from 'node:path'
import { graphFiles } from '../install/manifest.ts'
import { GraphBuilder } from '../onnx/graph-builder.ts'
import { InstalledGraph } from '../onnx/installed-graph.ts'
import { encodeModel } from '../onnx/model-file.ts'
import { type ByteSums, ByteWeights } from './byte-weights.ts'
import type { OwlConfig } from './config.ts'
import { buildModalityAdaptiveDecoder } from './modality-adaptive-decoder.ts'

/**
 * The decoder of an installed model for prompts: the graph of `modality-adaptive-decoder.ts` over products of bytes. It is
 * made when a model is loaded, so that every installed model has it and no file is written, and takes a byte of memory for
 * each weight.
 * @param sums what the processor is fast at
 * @param taps adds inner states as outputs, for parity tests
 * @returns the model's bytes; its other weights lie in `folder`
 * @throws OwlError `model-damaged`, also where matrices are not stored in blocks
 */
export async function promptDecoderGraph(
  folder: string,
  config: OwlConfig,
  sums: ByteSums,
  taps = false,
): Promise<Uint8Array> {
  const installed = await InstalledGraph.open(join(folder, graphFiles.decoder))
  const weights = new ByteWeights(new GraphBuilder('prompt-decoder'), installed, sums)
  const graph = buildModalityAdaptiveDecoder(weights, config, taps)
  return encodeModel(graph, await weights.initialisers())
}
