import { copyFile, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { OwlError } from '../owl-error.ts'
import type { JobOptions } from '../progress.ts'
import { digestFile } from './file-digest.ts'
import { checkFreeSpace } from './free-space.ts'
import { writeWhole } from './install-journal.ts'
import { readManifest } from './installed-models.ts'
import { type Manifest, manifestFile } from './manifest.ts'
import { checkName, partialFolder } from './model-name.ts'

/**
 * Copies an installed model to a folder, where it can be carried elsewhere and imported. Every file is compared with
 * its checksum as it is copied.
 * @returns the folder written, TARGET/NAME
 * @throws OwlError `model-not-found`, `model-damaged`, `model-exists`, `disk-full`, `cancelled`
 */
export async function exportModel(folder: string, target: string, job: JobOptions = {}): Promise<string> {
  const manifest = await readManifest(folder)
  const written = join(target, manifest.name)
  await mkdir(target, { recursive: true })
  await copyModel(folder, manifest, written, `${written}.partial`, 'exporting', job)
  return written
}

/**
 * Takes in a model that was exported. Nothing outside its own folder is read or written, whatever its manifest says.
 * @throws OwlError `model-not-found`, `model-damaged`, `model-exists`, `disk-full`, `cancelled`
 */
export async function importModel(from: string, modelsFolder: string, job: JobOptions = {}): Promise<Manifest> {
  const manifest = await readManifest(from)
  checkName(manifest.name)
  await mkdir(modelsFolder, { recursive: true })
  const target = join(modelsFolder, manifest.name)
  await copyModel(from, manifest, target, partialFolder(modelsFolder, manifest.name), 'importing', job)
  return manifest
}

async function copyModel(
  from: string,
  manifest: Manifest,
  target: string,
  partial: string,
  stage: string,
  job: JobOptions,
): Promise<void> {
  if (await stat(target).catch(() => undefined)) {
    throw new OwlError('model-exists', `There is ${target} already.`)
  }
  const total = manifest.files.reduce((sum, { bytes }) => sum + bytes, 0)
  await rm(partial, { recursive: true, force: true })
  await mkdir(partial)
  try {
    await checkFreeSpace(partial, total)
    let done = 0
    for (const { path, bytes, sha256 } of manifest.files) {
      if (job.signal?.aborted) throw new OwlError('cancelled', 'Copying the model was stopped.')
      await refuseLinks(from, path)
      await mkdir(dirname(join(partial, path)), { recursive: true })
      await copyFile(join(from, path), join(partial, path)).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error
        throw new OwlError('model-damaged', `${path} is missing.`, { cause: error })
      })
      const copied = await digestFile(partial, path, {
        signal: job.signal,
        onBytes(count) {
          done += count
          job.onProgress?.({ stage, done, total, unit: 'bytes' })
        },
      })
      if (copied.bytes !== bytes || copied.sha256 !== sha256) {
        throw new OwlError('model-damaged', `${path} is not what the manifest of the model says.`)
      }
      const file = await open(join(partial, path), 'r+')
      await file.sync()
      await file.close()
    }
    await writeWhole(join(partial, manifestFile), JSON.stringify(manifest, null, 2))
    await rename(partial, target)
  } catch (error) {
    await rm(partial, { recursive: true, force: true })
    if (error instanceof OwlError) throw error
    if (job.signal?.aborted) throw new OwlError('cancelled', 'Copying the model was stopped.', { cause: error })
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOSPC') throw new OwlError('disk-full', 'The disk became full while the model was copied.')
    throw new OwlError('install-failed', `The model could not be copied: ${message}.`, { cause: error })
  }
}

/** A link in a folder from elsewhere could name any file of the person. */
async function refuseLinks(folder: string, path: string): Promise<void> {
  const parts = path.split('/')
  for (let depth = 0; depth < parts.length; depth++) {
    const entries = await readdir(join(folder, ...parts.slice(0, depth)), { withFileTypes: true }).catch(() => [])
    if (entries.find(({ name }) => name === parts[depth])?.isSymbolicLink()) {
      throw new OwlError('model-damaged', `${path} is a link, which a model has no need of.`)
    }
  }
}
