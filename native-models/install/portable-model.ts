import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { OwlError } from '../owl-error.ts'
import type { JobOptions } from '../progress.ts'
import { writeWhole } from '../whole-file.ts'
import { checkedContent } from './checked-content.ts'
import { isDiskFull } from './disk-error.ts'
import { checkFreeSpace } from './free-space.ts'
import { readManifest } from './installed-models.ts'
import { type Manifest, type ModelFile, manifestFile } from './manifest.ts'
import { archiveEnding, ModelArchive, writeModelArchive } from './model-archive.ts'
import { checkName, partialFolder } from './model-name.ts'

/** A model to be copied, in a folder or in one file. */
interface ModelSource {
  manifest: Manifest
  open(path: string): Promise<Readable>
  close(): void
}

/**
 * Copies an installed model to where it can be carried elsewhere and imported: into one file, where the target's name
 * ends in `.zip`, else into a folder. Every file is compared with its checksum as it is copied.
 * @returns what was written: TARGET, or the folder TARGET/NAME
 * @throws OwlError `model-not-found`, `model-damaged`, `model-exists`, `disk-full`, `cancelled`
 */
export async function exportModel(folder: string, target: string, job: JobOptions = {}): Promise<string> {
  const manifest = await readManifest(folder)
  const isFile = target.toLowerCase().endsWith(archiveEnding)
  const written = isFile ? target : join(target, manifest.name)
  await mkdir(dirname(written), { recursive: true })
  await copyModel(openFolder(folder, manifest), written, `${written}.partial`, { stage: 'exporting', isFile }, job)
  return written
}

/**
 * Takes in a model that was exported. Nothing outside its own folder is read or written, whatever its manifest says.
 * @param from the file, or the folder with `manifest.json`
 * @throws OwlError `model-not-found`, `model-damaged`, `model-exists`, `disk-full`, `cancelled`
 */
export async function importModel(from: string, modelsFolder: string, job: JobOptions = {}): Promise<Manifest> {
  const isFile = (await stat(from).catch(() => undefined))?.isFile() ?? false
  const source = isFile ? await ModelArchive.open(from) : openFolder(from, await readManifest(from))
  try {
    // Where it ran elsewhere says nothing about this machine.
    const manifest = { ...source.manifest, device: undefined }
    checkName(manifest.name)
    await mkdir(modelsFolder, { recursive: true })
    const target = join(modelsFolder, manifest.name)
    const partial = partialFolder(modelsFolder, manifest.name)
    const open = source.open.bind(source)
    await copyModel({ manifest, open, close: () => {} }, target, partial, { stage: 'importing', isFile: false }, job)
    return manifest
  } finally {
    source.close()
  }
}

async function copyModel(
  { manifest, open }: ModelSource,
  target: string,
  partial: string,
  { stage, isFile }: { stage: string; isFile: boolean },
  { signal, onProgress }: JobOptions,
): Promise<void> {
  if (await stat(target).catch(() => undefined)) {
    throw new OwlError('model-exists', `There is ${target} already.`)
  }
  const total = manifest.files.reduce((sum, { bytes }) => sum + bytes, 0)
  let done = 0
  async function* contentOf(file: ModelFile): AsyncIterable<Uint8Array> {
    yield* checkedContent(await open(file.path), file, (bytes) => {
      done += bytes
      onProgress?.({ stage, done, total, unit: 'bytes' })
    })
  }
  await rm(partial, { recursive: true, force: true })
  try {
    await checkFreeSpace(dirname(partial), total)
    if (isFile) {
      await writeModelArchive(manifest, partial, contentOf, signal)
    } else {
      await mkdir(partial)
      for (const file of manifest.files) {
        const path = join(partial, file.path)
        await mkdir(dirname(path), { recursive: true })
        await pipeline(contentOf(file), createWriteStream(path, { flush: true }), { signal })
      }
      await writeWhole(join(partial, manifestFile), JSON.stringify(manifest, null, 2))
    }
    await rename(partial, target)
  } catch (error) {
    await rm(partial, { recursive: true, force: true })
    if (signal?.aborted) throw new OwlError('cancelled', 'Copying the model was stopped.', { cause: error })
    if (error instanceof OwlError) throw error
    const { message } = error as Error
    if (isDiskFull(error)) throw new OwlError('disk-full', 'The disk became full while the model was copied.')
    throw new OwlError('install-failed', `The model could not be copied: ${message}.`, { cause: error })
  }
}

function openFolder(folder: string, manifest: Manifest): ModelSource {
  return {
    manifest,
    async open(path) {
      await refuseLinks(folder, path)
      return createReadStream(join(folder, path), { highWaterMark: 2 ** 20 })
    },
    close() {},
  }
}

/** A link in a folder from elsewhere could name any file of the person. */
async function refuseLinks(folder: string, path: string): Promise<void> {
  const parts = path.split('/')
  for (let depth = 0; depth < parts.length; depth++) {
    const entries = await readdir(join(folder, ...parts.slice(0, depth)), { withFileTypes: true }).catch(() => [])
    const entry = entries.find(({ name }) => name === parts[depth])
    if (!entry) throw new OwlError('model-damaged', `${path} is missing.`)
    if (entry.isSymbolicLink()) {
      throw new OwlError('model-damaged', `${path} is a link, which a model has no need of.`)
    }
  }
}
