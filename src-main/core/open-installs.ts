import { readManifest } from '../../native-models/install/installed-models.ts'
import { OwlError } from '../../native-models/owl-error.ts'
import type { ProcessHost } from '../inference/process-host.ts'
import type { DataFolder } from './data-folder.ts'
import type { Devices } from './devices.ts'
import { knownAnswer } from './known-answer.ts'
import { ModelInstalls } from './model-installs.ts'
import { availableMemory, memoryNeeded } from './model-memory.ts'
import { hubToken, type SecretStore } from './secret-store.ts'
import type { Settings } from './settings.ts'

export interface InstallsOptions {
  folder: DataFolder
  settings: Settings
  secrets: SecretStore
  devices?: Devices
  /** Starts the process that is asked once a model is installed. */
  host?: ProcessHost
  /** In place of the settings. */
  endpoint?: string
  bandwidth?: number
}

/** The installations of a data folder, with the hub of its settings. */
export function openInstalls({
  folder,
  settings,
  secrets,
  devices,
  host,
  endpoint,
  bandwidth,
}: InstallsOptions): ModelInstalls {
  return new ModelInstalls({
    modelsFolder: folder.models,
    hub: async () => ({
      endpoint: endpoint || settings.get('models.hub') || process.env.HF_ENDPOINT || undefined,
      token: await secrets.read(hubToken),
    }),
    bandwidth: () => 1e6 * (bandwidth ?? settings.get('models.bandwidth')),
    gpuMemory: devices && (() => devices.ownMemory()),
    ask:
      host &&
      (async (path, job) => {
        const { files, config, title } = await readManifest(path)
        const { cpu } = memoryNeeded(
          files.reduce((sum, { bytes }) => sum + bytes, 0),
          config,
        )
        if (cpu > availableMemory()) throw new OwlError('model-too-large', `${title} does not fit into memory now.`)
        return knownAnswer(host, path, job)
      }),
  })
}
