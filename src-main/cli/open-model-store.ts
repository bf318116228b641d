import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { isRepoName } from '../../native-models/install/hub/hub-repository.ts'
import { dataFolder } from '../core/data-folder.ts'
import { Devices } from '../core/devices.ts'
import type { InstallSource } from '../core/install-record.ts'
import { ModelCare } from '../core/model-care.ts'
import { ModelLibrary } from '../core/model-library.ts'
import { openInstalls } from '../core/open-installs.ts'
import { inferenceEntry } from '../core/program-folder.ts'
import { SecretFile } from '../core/secret-store.ts'
import { Settings } from '../core/settings.ts'
import { ForkHost } from '../inference/fork-host.ts'

/** What the commands about models work with. */
export function openModelStore(settings: { endpoint?: string; bandwidth?: number } = {}) {
  const folder = dataFolder()
  const host = new ForkHost(inferenceEntry)
  const secrets = new SecretFile(join(folder.root, 'secrets.json'))
  const library = new ModelLibrary(folder.models)
  const devices = new Devices({ host, file: folder.devices })
  return {
    library,
    secrets,
    installs: openInstalls({ folder, settings: new Settings(folder.settings), secrets, devices, host, ...settings }),
    care: new ModelCare({ folder: folder.models, library, host }),
  }
}

/** A folder where there is one of this name, else a repository where it can be one. */
export async function sourceNamed(text: string, revision?: string): Promise<InstallSource> {
  const isFolder = (await stat(text).catch(() => undefined)) !== undefined
  return !isFolder && isRepoName(text)
    ? { kind: 'hub', repo: text, revision }
    : { kind: 'folder', folder: resolve(text) }
}
