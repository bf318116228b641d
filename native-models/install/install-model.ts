import { copyFile, open, readdir, rename, stat, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { isUsedNote, readUsedShard, shardOfNote } from '../checkpoint/used-shard.ts'
import { expectedWeights } from '../mplug-owl2/checkpoint-keys.ts'
import type { GraphName } from '../mplug-owl2/write-graphs.ts'
import { OwlError } from '../owl-error.ts'
import type { JobOptions } from '../progress.ts'
import { writeWhole } from '../whole-file.ts'
import { Conversion } from './conversion.ts'
import { isDiskFull } from './disk-error.ts'
import { digestFile } from './file-digest.ts'
import { checkFreeSpace } from './free-space.ts'
import { InstallJournal } from './install-journal.ts'
import { graphFiles, type Manifest, manifestFile, tokenizerFile } from './manifest.ts'
import { checkName, nameAfter, partialFolder } from './model-name.ts'
import { openSource, type SourceCheckpoint } from './source-checkpoint.ts'

/** What speed and size ask for on the CPU: reading the decoder's weights bounds speed, the rest is bound by computing. */
export const defaultPrecision: Manifest['precision'] = {
  vision: 'int8',
  abstractor: 'int8',
  decoder: 'int4',
  embedding: 'int8',
}

/** Below what some file systems and hosts of large files take. */
const largestFile = 2 ** 31 - 2 ** 20

export interface InstallRequest {
  /** With config.json, weights and tokenizer. */
  checkpointFolder: string
  /** In which the model gets a folder of its name. */
  modelsFolder: string
  /** Made from the checkpoint folder's name when left out. */
  name?: string
  title?: string
  description?: string
  licence?: string
  /** Where the checkpoint came from, if not from its folder. */
  source?: Manifest['source']
  precision?: Manifest['precision']
  device?: Manifest['device']
  maxFileBytes?: number
  /** Threads that quantise; 0 does it in this one. As the size of the model suggests when left out. */
  threads?: number
  /** Deletes each weight file of the checkpoint as soon as all of it is converted. */
  deleteUsed?: boolean
}

/**
 * Turns a checkpoint into an installed model. Nothing is written before every weight was found in its right shape.
 * The model appears under its name when it is whole; until then it lies in `NAME.partial`, from where the same
 * request continues after it was stopped or killed, graph by graph.
 * @throws OwlError `model-exists`, `disk-full`, `install-failed`, `cancelled`, `request-invalid`, and those of the
 *   checkpoint, config, weights and tokenizer kinds
 */
export async function installModel(request: InstallRequest, job: JobOptions = {}): Promise<Manifest> {
  const name = request.name ?? nameAfter(basename(resolve(request.checkpointFolder)))
  checkName(name)
  const folder = join(request.modelsFolder, name)
  if (await exists(folder)) throw new OwlError('model-exists', `A model named ${name} is installed already.`)
  const source = await openSource(request.checkpointFolder)
  try {
    return await writeModel({ ...request, name }, source, job)
  } catch (error) {
    throw failure(error, name, job.signal)
  } finally {
    await source.checkpoint.close()
  }
}

async function writeModel(
  request: InstallRequest & { name: string },
  source: SourceCheckpoint,
  job: JobOptions,
): Promise<Manifest> {
  const { tokenizer } = source
  const { name, modelsFolder, precision = defaultPrecision, maxFileBytes = largestFile } = request
  const folder = partialFolder(modelsFolder, name)
  const journal = await InstallJournal.open(folder, await journalKey(request), job.signal)

  const step = async (title: string, write: () => Promise<readonly string[]>) => {
    if (journal.has(title)) return
    const files = []
    for (const path of await write()) files.push(await keepFile(folder, path, job))
    await journal.finish(title, files)
  }
  const graphs = Object.keys(graphFiles) as GraphName[]
  const missing = graphs.filter((graph) => !journal.has(graph))
  const conversion = new Conversion(source, { ...request, journal, precision, maxFileBytes, graphs: missing })
  await checkFreeSpace(folder, conversion.bytesToWrite)
  try {
    await step('check', async () => {
      await conversion.check(job)
      return []
    })
    for (const graph of missing) await step(graph, () => conversion.write(graph, job))
  } finally {
    await conversion.close()
  }
  await step('tokenizer', async () => {
    await writeFile(join(folder, tokenizerFile), JSON.stringify(tokenizer.json))
    return [tokenizerFile]
  })
  await step('terms', () => copyTerms(request.checkpointFolder, folder))

  const manifest = manifestOf({ ...request, precision }, source, journal)
  await writeWhole(join(folder, manifestFile), JSON.stringify(manifest, null, 2))
  await rename(folder, join(modelsFolder, name))
  await InstallJournal.remove(join(modelsFolder, name))
  return manifest
}

function manifestOf(
  request: InstallRequest & { name: string; precision: Manifest['precision'] },
  { config, picture, tokenizer, checkpoint }: SourceCheckpoint,
  journal: InstallJournal,
): Manifest {
  const values = [...expectedWeights(config).keys()].reduce((sum, weight) => {
    const shape = checkpoint.weights.get(weight)?.shape ?? [0]
    return sum + shape.reduce((product, extent) => product * extent, 1)
  }, 0)
  return {
    format: 1,
    name: request.name,
    title: request.title ?? request.name,
    description: request.description ?? `mPLUG-Owl2 with ${(values / 1e6).toFixed(0)} million weights.`,
    architecture: 'mplug-owl2',
    licence: request.licence ?? 'Not stated. Ask the source of the checkpoint.',
    source: request.source ?? { kind: 'folder', location: resolve(request.checkpointFolder) },
    installedAt: new Date().toISOString(),
    device: request.device,
    precision: request.precision,
    config,
    picture,
    prompt: tokenizer.prompt,
    files: journal.files,
    measured: {},
  }
}

/** Brings a file to the disk for good and takes its size and checksum. */
async function keepFile(folder: string, path: string, job: JobOptions) {
  const file = await open(join(folder, path), 'r+')
  await file.sync()
  const total = (await file.stat()).size
  await file.close()
  let done = 0
  return digestFile(folder, path, {
    signal: job.signal,
    onBytes(bytes) {
      done += bytes
      job.onProgress?.({ stage: `checking ${path}`, done, total, unit: 'bytes' })
    },
  })
}

/** Licences and notices go with the weights that they are about. */
async function copyTerms(from: string, to: string): Promise<string[]> {
  const terms = (await readdir(from, { withFileTypes: true })).filter(
    (entry) => entry.isFile() && /^(licen[cs]e|notice|copying|use_policy)(\.(txt|md))?$/i.test(entry.name),
  )
  for (const { name } of terms) await copyFile(join(from, name), join(to, name))
  return terms.map((entry) => entry.name)
}

/** Changes when the checkpoint's files or what is asked for change; a file that was deleted when used counts as there. */
export async function journalKey(request: InstallRequest): Promise<string> {
  const { checkpointFolder, precision = defaultPrecision, maxFileBytes = largestFile } = request
  const folder = resolve(checkpointFolder)
  const present = await readdir(folder)
  const names = new Set(present.map((name) => (isUsedNote(name) ? shardOfNote(name) : name)))
  const files = await Promise.all(
    [...names].sort().map(async (name) => {
      const path = join(folder, name)
      if (present.includes(name)) {
        const { size, mtimeMs } = await stat(path)
        return [name, size, mtimeMs]
      }
      const used = await readUsedShard(path)
      return [name, used?.bytes, used?.mtimeMs]
    }),
  )
  return JSON.stringify({ folder, files, settings: { precision, maxFileBytes } })
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

function failure(error: unknown, name: string, signal?: AbortSignal): OwlError {
  if (error instanceof OwlError) return error
  if (signal?.aborted) return new OwlError('cancelled', `Installing ${name} was stopped.`, { cause: error })
  const { message } = error as Error
  if (isDiskFull(error)) return new OwlError('disk-full', `The disk became full while ${name} was being installed.`)
  return new OwlError('install-failed', `Installing ${name} failed: ${message}.`, { cause: error })
}
