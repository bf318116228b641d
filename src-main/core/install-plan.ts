import { readFile, stat, statfs } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { sizeOf } from '../../native-models/install/hub/download.ts'
import { readRepository } from '../../native-models/install/hub/hub-repository.ts'
import type { HubConnection } from '../../native-models/install/hub/hub-request.ts'
import { nameAfter } from '../../native-models/install/model-name.ts'
import { expectedWeights } from '../../native-models/mplug-owl2/checkpoint-keys.ts'
import { type OwlConfig, readConfig } from '../../native-models/mplug-owl2/config.ts'
import { plannedBytes } from '../../native-models/mplug-owl2/write-graphs.ts'
import { OwlError } from '../../native-models/owl-error.ts'
import type { InstallSource } from './install-record.ts'
import { catalogue, type PrecisionName, precisionOf, type Terms, termsOf } from './model-catalogue.ts'
import { availableMemory, type MemoryNeeded, memoryNeeded } from './model-memory.ts'

/** Weights that one thread converts in a second, by `npm run bench -- install` on a busy machine: to promise little. */
const weightsPerSecond = 8e6
const mostThreads = 8

/** What an installation would take, told before it begins. */
export interface InstallPlan {
  name: string
  title: string
  description?: string
  source: InstallSource
  /** The commit that would be downloaded. */
  revision?: string
  weights: number
  downloadBytes: number
  installedBytes: number
  /** On the disk of the models, and what of it is free. */
  neededBytes: number
  freeBytes: number
  /** For converting, the download not counted. */
  convertSeconds: number
  memory: MemoryNeeded
  availableMemory: number
  /** Of the graphics adapter's own, in bytes; 0 where it shares the computer's, or there is none that is known. */
  gpuMemory: number
  terms?: Terms
}

export interface PlanRequest {
  source: InstallSource
  name?: string
  precision: PrecisionName
  /** What was downloaded goes as it is converted. */
  deleteUsed: boolean
  modelsFolder: string
  gpuMemory?: number
}

/**
 * Looks at a source and says what installing it would take. Nothing is written.
 * @throws OwlError `checkpoint-not-found`, `unsupported-config`, and those of the hub
 */
export async function planInstall(
  request: PlanRequest,
  hub: () => HubConnection,
  signal?: AbortSignal,
): Promise<InstallPlan> {
  const { source, precision, deleteUsed, modelsFolder } = request
  const found = source.kind === 'hub' ? await lookAtHub(source, hub(), signal) : await lookAtFolder(source.folder)
  const { config, downloadBytes } = found
  const installedBytes = plannedBytes(config, precisionOf(precision))
  const weights = [...expectedWeights(config).values()].reduce(
    (sum, { shape }) => sum + shape.reduce((product, extent) => product * extent, 1),
    0,
  )
  // Where a weight file goes as soon as it is used, the result grows into the room that they leave.
  const beside =
    deleteUsed && downloadBytes > 0 ? Math.max(0, installedBytes - downloadBytes) + 2 ** 30 : installedBytes
  const { bavail, bsize } = await statfs(await existing(modelsFolder))
  return {
    name: request.name ?? nameAfter(found.name),
    title: source.kind === 'folder' ? (request.name ?? found.title) : found.title,
    description: found.description,
    source,
    revision: found.revision,
    weights,
    downloadBytes,
    installedBytes,
    neededBytes: downloadBytes + Math.min(beside, installedBytes),
    freeBytes: bavail * bsize,
    convertSeconds: weights / (weightsPerSecond * Math.min(mostThreads, availableParallelism())),
    memory: memoryNeeded(installedBytes, config),
    availableMemory: availableMemory(),
    gpuMemory: request.gpuMemory ?? 0,
    terms: termsOf(found.licence),
  }
}

interface Found {
  name: string
  title: string
  description?: string
  revision?: string
  licence?: string
  config: OwlConfig
  downloadBytes: number
}

async function lookAtHub(
  { repo, revision }: Extract<InstallSource, { kind: 'hub' }>,
  hub: HubConnection,
  signal: AbortSignal | undefined,
): Promise<Found> {
  const found = await readRepository(hub, repo, { revision, signal })
  const address = `${hub.endpoint}/${repo}/resolve/${found.commit}/config.json`
  const { response } = await hub.request(address, { signal })
  const config = readConfig(parseConfig(await response.text(), repo))
  const entry = catalogue.find((candidate) => candidate.repo === repo)
  return {
    name: repo.split('/')[1]!,
    title: entry?.title ?? repo.split('/')[1]!,
    description: entry?.description,
    revision: found.commit,
    licence: found.licence ?? entry?.licence,
    config,
    downloadBytes: sizeOf(found),
  }
}

async function lookAtFolder(folder: string): Promise<Found> {
  const text = await readFile(join(folder, 'config.json'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    const message = `config.json in ${folder} cannot be read (${error.code}).`
    throw new OwlError('checkpoint-not-found', message, { cause: error })
  })
  const name = basename(resolve(folder))
  return { name, title: name, config: readConfig(parseConfig(text, folder)), downloadBytes: 0 }
}

function parseConfig(text: string, where: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const message = `config.json of ${where} is not JSON: ${(error as Error).message}.`
    throw new OwlError('checkpoint-damaged', message, { cause: error })
  }
}

/** The folder, or the nearest one above it that is there. */
async function existing(folder: string): Promise<string> {
  const stats = await stat(folder).catch(() => undefined)
  return stats || dirname(folder) === folder ? folder : existing(dirname(folder))
}
