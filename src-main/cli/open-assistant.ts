import { Assistant } from '../core/assistant.ts'
import { inferenceEntry } from '../core/program-folder.ts'
import { ForkHost } from '../inference/fork-host.ts'
import type { InferenceOptions } from './option-values.ts'

/** The assistant of a command. Close it at the end. */
export function openAssistant({ device, threads }: InferenceOptions): Assistant {
  return new Assistant({ host: new ForkHost(inferenceEntry), device, threads })
}
