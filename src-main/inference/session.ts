import { basename } from 'node:path'
import { InferenceSession } from 'onnxruntime-node'
import { promptDecoderGraph } from '../../native-models/mplug-owl2/byte-graphs.ts'
import type { OwlConfig } from '../../native-models/mplug-owl2/config.ts'
import { deviceGraph } from '../../native-models/mplug-owl2/device-graphs.ts'
import type { GraphName } from '../../native-models/mplug-owl2/write-graphs.ts'
import { OwlError } from '../../native-models/owl-error.ts'
import { byteSums, hasRoomForBytes } from './byte-products.ts'
import type { LoadOptions } from './protocol.ts'
import type { Execution } from './providers.ts'

export function onProcessor(threads: number): Execution {
  return { device: 'cpu', numbers: 'float32', longAttention: true, threads }
}

/** Where a model is to run; `auto` that nobody has resolved is the processor, which needs no proof. */
export function chooseExecution({ device, numbers, longAttention, threads }: LoadOptions): Execution {
  if (device === 'auto' || device === 'cpu') return onProcessor(threads)
  return { device, numbers: numbers ?? 'float32', longAttention: longAttention ?? false, threads }
}

/**
 * What the runtime is told. Its own settings are kept where they measured best: the arena, memory patterns and worker
 * threads that spin between operators (Owl Mini on two idle cores: 9.2 ms a token, 11.0 without). Every session has threads
 * of its own, which would spin on for some 45 ms after a run, on the cores that the next session needs by then; they stop
 * at once, which costs tokens nothing. A node that the device cannot run is an error: nothing goes to the processor unseen.
 */
export function sessionOptions({ device, threads }: Execution): InferenceSession.SessionOptions {
  const session = { force_spinning_stop: '1', ...(device === 'cpu' ? {} : { disable_cpu_ep_fallback: '1' }) }
  return {
    executionProviders: [device],
    ...(threads > 0 ? { intraOpNumThreads: threads } : {}),
    extra: { session },
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
  }
}

/**
 * Opens a graph with its weights. Blocks the event loop while it reads.
 * @throws OwlError `model-load-failed`
 */
export async function openSession(file: string, execution: Execution): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(file, sessionOptions(execution))
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new OwlError('model-load-failed', `${basename(file)} could not be opened: ${reason}`, { cause })
  }
}

/**
 * Opens a graph of an installed model made for a GPU. Its weights are read from the model's own files.
 * @param taps adds inner states as outputs
 * @throws OwlError `model-load-failed`, `model-damaged`
 */
export async function openDeviceSession(
  folder: string,
  graph: GraphName,
  execution: Execution,
  config: OwlConfig,
  taps = false,
): Promise<InferenceSession> {
  const model = await deviceGraph(folder, graph, { ...execution, config, taps })
  return openMadeGraph(model, folder, sessionOptions(execution), `The ${graph} could not be opened on the GPU`)
}

/**
 * Opens the decoder of an installed model in blocks of few bits for prompts on the processor; see `byte-graphs.ts`.
 * @returns nothing where that would not make them faster, or where there is no memory for it
 * @throws OwlError `model-load-failed`, `model-damaged`
 */
export async function openPromptSession(
  folder: string,
  execution: Execution,
  config: OwlConfig,
): Promise<InferenceSession | undefined> {
  const sums = hasRoomForBytes(config.decoder) ? await byteSums() : undefined
  if (!sums) return undefined
  const model = await promptDecoderGraph(folder, config, sums)
  return openMadeGraph(model, folder, sessionOptions(execution), 'The decoder for prompts could not be opened')
}

/** @param folder of the model's files, where the graph's weights lie */
async function openMadeGraph(
  model: Uint8Array,
  folder: string,
  options: InferenceSession.SessionOptions,
  failure: string,
): Promise<InferenceSession> {
  const weights = { model_external_initializers_file_folder_path: folder }
  try {
    const session = { ...(options.extra?.session as object), ...weights }
    return await InferenceSession.create(model, { ...options, extra: { session } })
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new OwlError('model-load-failed', `${failure}: ${reason}`, { cause })
  }
}
