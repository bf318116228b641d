import { dataFolder } from '../core/data-folder.ts'
import { Devices } from '../core/devices.ts'
import { ModelLibrary } from '../core/model-library.ts'
import { Models } from '../core/models.ts'
import { inferenceEntry } from '../core/program-folder.ts'
import { ForkHost } from '../inference/fork-host.ts'
import type { InferenceOptions } from './option-values.ts'

/**
 * Models of a command that asks; the inference process starts at once. Close them at the end.
 * @param manyQuestions whether the command asks more than one: see `LoadOptions`
 */
export function openModels({ device, threads, loadAnyway }: InferenceOptions, manyQuestions: boolean): Models {
  return new Models({
    library: new ModelLibrary(dataFolder().models),
    host: new ForkHost(inferenceEntry),
    devices: openDevices(),
    device: (own) => (device === 'auto' ? (own ?? device) : device),
    threads,
    manyQuestions,
    memoryAvailable: loadAnyway ? () => Number.POSITIVE_INFINITY : undefined,
  })
}

export function openDevices(): Devices {
  return new Devices({ host: new ForkHost(inferenceEntry), file: dataFolder().devices })
}
