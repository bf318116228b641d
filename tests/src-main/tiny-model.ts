import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installModel } from '../../native-models/install/install-model.ts'
import type { Manifest } from '../../native-models/install/manifest.ts'
import { type DataFolder, dataFolder } from '../../src-main/core/data-folder.ts'

/** Name of the model that `tinyDataFolder` installs: a reference checkpoint with random weights. */
export const tinyModel = 'tiny-512'

/** A new data folder, with a tiny real model in it. The caller removes it. */
export async function tinyDataFolder(precision?: Manifest['precision']): Promise<DataFolder> {
  const folder = dataFolder({ OWL_DATA_DIR: await mkdtemp(join(tmpdir(), 'owl-data-')) })
  await installModel({
    checkpointFolder: 'tests/fixtures/reference/tiny-512',
    modelsFolder: folder.models,
    name: tinyModel,
    ...(precision ? { precision } : {}),
  })
  return folder
}
