import { existsSync } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { JobOptions } from '../progress.ts'
import { writeWhole } from '../whole-file.ts'
import { InstallJournal } from './install-journal.ts'
import { type InstallRequest, installModel, journalKey } from './install-model.ts'
import { findDamage, readManifest } from './installed-models.ts'
import { graphFiles, type Manifest, manifestFile, tokenizerFile } from './manifest.ts'
import { partialFolder } from './model-name.ts'

/**
 * Makes the damaged files of an installed model anew from its checkpoint; what is whole stays. Until it is done, the
 * model is not offered; stopped or killed, the same request, or an installation under the name, continues.
 * @throws OwlError as installing does
 */
export async function repairModel(request: InstallRequest & { name: string }, job: JobOptions = {}): Promise<Manifest> {
  const { modelsFolder, name } = request
  const folder = join(modelsFolder, name)
  if (!(await stat(join(folder, manifestFile)).catch(() => undefined))) {
    // What a removal that was cut off left.
    await rm(folder, { recursive: true, force: true })
    return installModel(request, job)
  }
  const manifest = await readManifest(folder)
  const damaged = new Set((await findDamage(folder, job)).map(({ path }) => path))
  if (damaged.size === 0) return manifest
  const { title, description, licence, source, precision, device } = manifest
  const wanted = { title, description, licence, source, device, ...request, precision }
  const steps: Record<string, string[]> = { check: [], tokenizer: [tokenizerFile], terms: [] }
  for (const [graph, file] of Object.entries(graphFiles)) {
    const stem = basename(file, '.onnx')
    steps[graph] = manifest.files.map(({ path }) => path).filter((path) => path.startsWith(`${stem}.`))
  }
  const known = new Set(Object.values(steps).flat())
  steps.terms = manifest.files.map(({ path }) => path).filter((path) => !known.has(path))

  const partial = partialFolder(modelsFolder, name)
  await rm(partial, { recursive: true, force: true })
  // Under this name it is not offered.
  await rename(folder, partial)
  await InstallJournal.adopt(
    partial,
    await journalKey(wanted),
    Object.entries(steps)
      .filter(([step, paths]) => step !== 'check' && !paths.some((path) => damaged.has(path)))
      .map(([step, paths]) => [step, manifest.files.filter(({ path }) => paths.includes(path))] as const),
  )
  return installModel(wanted, job)
}

/**
 * Puts a model whose repair is given up back under its name: with all of its files that are sound, and still damaged.
 * @param manifest as it was before the repair
 */
export async function undoRepair(modelsFolder: string, manifest: Manifest): Promise<void> {
  const folder = join(modelsFolder, manifest.name)
  const partial = partialFolder(modelsFolder, manifest.name)
  if (existsSync(folder) || !existsSync(partial)) return
  await writeWhole(join(partial, manifestFile), JSON.stringify(manifest, null, 2))
  await InstallJournal.remove(partial)
  await rename(partial, folder)
}
