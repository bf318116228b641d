import { join } from 'node:path'
import { graphFiles } from '../install/manifest.ts'
import type { NumberType } from '../onnx/device-operators.ts'
import { InstalledGraph } from '../onnx/installed-graph.ts'
import { encodeModel } from '../onnx/model-file.ts'
import type { OwlConfig } from './config.ts'
import { buildDeviceDecoder } from './device-decoder.ts'
import { buildDeviceVisionEncoder } from './device-vision-encoder.ts'
import { buildDeviceVisualAbstractor } from './device-visual-abstractor.ts'
import type { GraphName } from './write-graphs.ts'

export interface DeviceGraphOptions {
  config: OwlConfig
  /** Numbers that the device computes with. */
  numbers: NumberType
  /** Whether attention of many rows at once is right on the device. */
  longAttention: boolean
  /** Adds inner states as outputs, for parity tests. */
  taps?: boolean
}

export interface DeviceGraphParts extends DeviceGraphOptions {
  installed: InstalledGraph
}

const builders = {
  visionEncoder: buildDeviceVisionEncoder,
  visualAbstractor: buildDeviceVisualAbstractor,
  decoder: buildDeviceDecoder,
}

/**
 * A graph of an installed model for a GPU, over the same weight files. It is made when the model is loaded, so that
 * every installed model has it, the embedded one too, and no file is written.
 * @returns the model's bytes; its weights lie in `folder`
 * @throws OwlError `model-damaged`
 */
export async function deviceGraph(folder: string, name: GraphName, options: DeviceGraphOptions): Promise<Uint8Array> {
  const installed = await InstalledGraph.open(join(folder, graphFiles[name]))
  const { graph, weights } = builders[name]({ ...options, installed })
  return encodeModel(graph, weights.initialisers)
}
