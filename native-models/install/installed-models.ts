import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { OwlError } from '../owl-error.ts'
import type { JobOptions } from '../progress.ts'
import { digestFile } from './file-digest.ts'
import { type Manifest, type ModelFile, manifestFile, manifestSchema, modelNamePattern } from './manifest.ts'
import { partialFolder } from './model-name.ts'

/** @throws OwlError `model-not-found`, `model-damaged` */
export async function readManifest(folder: string): Promise<Manifest> {
  const text = await readFile(join(folder, manifestFile), 'utf8').catch((error: NodeJS.ErrnoException) => {
    const message = `There is no installed model in ${folder}: its ${manifestFile} cannot be read (${error.code}).`
    throw new OwlError('model-not-found', message, { cause: error })
  })
  try {
    return parseManifest(JSON.parse(text), folder)
  } catch (error) {
    if (error instanceof OwlError) throw error
    throw damagedManifest(folder, (error as Error).message, error)
  }
}

/** @param where it comes from, for the error. @throws OwlError `model-damaged` */
export function parseManifest(json: unknown, where: string): Manifest {
  const { data, error } = manifestSchema.safeParse(json)
  if (error) throw damagedManifest(where, z.prettifyError(error), error)
  return data
}

function damagedManifest(where: string, why: string, cause: unknown): OwlError {
  return new OwlError('model-damaged', `${manifestFile} in ${where} is damaged: ${why}.`, { cause })
}

/** The models in a folder, by name. What is unfinished or cannot be read is left out. */
export async function listModels(modelsFolder: string): Promise<Manifest[]> {
  const models: Manifest[] = []
  for (const name of (await readdir(modelsFolder).catch(() => [])).sort()) {
    const manifest = await readManifest(join(modelsFolder, name)).catch(() => undefined)
    // A folder of another name is unfinished (NAME.partial) or a copy.
    if (manifest?.name === name) models.push(manifest)
  }
  return models
}

/** What is wrong with a file of an installed model. */
export interface DamagedFile {
  path: string
  problem: 'missing' | 'wrong size' | 'wrong checksum'
}

/** Reads every file of a model and compares it with the manifest. */
export async function findDamage(folder: string, job: JobOptions = {}): Promise<DamagedFile[]> {
  const { files } = await readManifest(folder)
  const total = files.reduce((sum, file) => sum + file.bytes, 0)
  const damaged: DamagedFile[] = []
  let done = 0
  for (const file of files) {
    const problem = await compare(folder, file, job.signal, (bytes) => {
      done += bytes
      job.onProgress?.({ stage: 'verifying', done, total, unit: 'bytes' })
    })
    if (problem) damaged.push({ path: file.path, problem })
  }
  return damaged
}

/** @throws OwlError `model-damaged`, which names the damaged files; `model-not-found`, `cancelled` */
export async function verifyModel(folder: string, job: JobOptions = {}): Promise<void> {
  const damaged = await findDamage(folder, job)
  if (damaged.length === 0) return
  const list = damaged.map(({ path, problem }) => `${path} (${problem})`).join(', ')
  throw new OwlError('model-damaged', `Files of ${basename(folder)} are not as they were installed: ${list}.`)
}

/**
 * Removes an installed model, and what an unfinished installation of it left.
 * @throws OwlError `model-not-found`
 */
export async function removeModel(modelsFolder: string, name: string): Promise<void> {
  if (!modelNamePattern.test(name)) throw notInstalled(name)
  const folders = [join(modelsFolder, name), partialFolder(modelsFolder, name)]
  const found = await Promise.all(folders.map((folder) => stat(folder).catch(() => undefined)))
  if (found.every((stats) => stats === undefined)) throw notInstalled(name)
  for (const folder of folders) {
    // The manifest first: a removal that is cut off leaves no model that looks whole.
    await rm(join(folder, manifestFile), { force: true })
    await rm(folder, { recursive: true, force: true })
  }
}

async function compare(
  folder: string,
  file: ModelFile,
  signal: AbortSignal | undefined,
  onBytes: (bytes: number) => void,
): Promise<DamagedFile['problem'] | undefined> {
  const stats = await stat(join(folder, file.path)).catch(() => undefined)
  if (!stats) return 'missing'
  if (stats.size !== file.bytes) return 'wrong size'
  try {
    const { sha256 } = await digestFile(folder, file.path, { signal, onBytes })
    return sha256 === file.sha256 ? undefined : 'wrong checksum'
  } catch (error) {
    if (signal?.aborted) throw new OwlError('cancelled', 'Verifying the model was stopped.', { cause: error })
    return 'missing'
  }
}

function notInstalled(name: string): OwlError {
  return new OwlError('model-not-found', `There is no installed model named ${JSON.stringify(name)}.`)
}
