import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installModel } from '../native-models/install/install-model.ts'
import { readManifest } from '../native-models/install/installed-models.ts'
import { embeddedModelFolder } from '../src-main/core/program-folder.ts'

/**
 * Makes the embedded model from Owl Mini's checkpoint, by the same importer as every other model:
 * `npx tsx build/embed-model.ts native-models/training/runs/owl-mini/export`
 */

const [checkpointFolder] = process.argv.slice(2)
if (!checkpointFolder) {
  console.error('Usage: tsx build/embed-model.ts CHECKPOINT_FOLDER')
  process.exit(2)
}

const modelsFolder = await mkdtemp(join(tmpdir(), 'owl-embed-'))
const manifest = await installModel({
  checkpointFolder,
  modelsFolder,
  name: 'owl-mini',
  title: 'Owl Mini',
  description:
    'A small model made for windows, dialogs, charts, icons and shapes, not for photos. ' +
    'It looks at 224 x 224 pixels, so it misses small print, and it is often wrong: its card lists its scores.',
  licence: 'Apache-2.0',
  source: { kind: 'embedded', location: 'native-models/owl-mini' },
  // Of what fits into 125 MB, the nearest to the unrounded weights.
  precision: { vision: 'int8', abstractor: 'int8', decoder: 'mixed', embedding: 'int8' },
  // Hosts of source code take no files of 50 MB and more.
  maxFileBytes: 45 * 2 ** 20,
})

const before = await readManifest(embeddedModelFolder).catch(() => undefined)
for (const { path } of before?.files ?? []) await rm(join(embeddedModelFolder, path), { force: true })
for (const name of await readdir(join(modelsFolder, manifest.name))) {
  await cp(join(modelsFolder, manifest.name, name), join(embeddedModelFolder, name))
}
await rm(modelsFolder, { recursive: true })

const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0)
console.log(`Owl Mini: ${manifest.files.length} files, ${(bytes / 1e6).toFixed(1)} MB`)
