import { basename } from 'node:path'
import { InferenceSession } from 'onnxruntime-node'
import { OwlError } from '../../native-models/owl-error.ts'
import type { Device, LoadOptions } from './protocol.ts'

/** Where and how the graphs are run. */
export interface Execution {
  device: Device
  /** Threads within an operator; 0 leaves it to the runtime (one for each physical core). */
  threads: number
}

/**
 * What `auto` stands for, or the device asked for.
 * @throws OwlError `device-unavailable`
 */
export function chooseExecution(options: LoadOptions): Execution {
  // The graphs for WebGPU differ (cache on the device); until they are there, nothing can prove a GPU to work.
  if (options.device === 'webgpu') {
    throw new OwlError('device-unavailable', 'This version runs models on the processor only.')
  }
  return { device: 'cpu', threads: options.threads }
}

/**
 * Opens a graph with its weights. The runtime's own settings are kept where they measured best: worker threads that
 * spin between operators (Owl Mini on two idle cores: 9.2 ms a token, 11.0 without), the arena and memory patterns.
 * Blocks the event loop while it reads.
 * @throws OwlError `model-load-failed`
 */
export async function openSession(file: string, execution: Execution): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(file, {
      executionProviders: ['cpu'],
      ...(execution.threads > 0 ? { intraOpNumThreads: execution.threads } : {}),
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
    })
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new OwlError('model-load-failed', `${basename(file)} could not be opened: ${reason}`, { cause })
  }
}
