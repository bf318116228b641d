import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { OwlError } from '../owl-error.ts'
import type { JobOptions } from '../progress.ts'
import type { Checkpoint, WeightInfo, WeightPlace } from './checkpoint.ts'
import { bytesPerValue } from './number-formats.ts'
import { readSafetensors } from './safetensors.ts'
import { readShardIndex } from './shard-index.ts'
import {
  countValues,
  readRows,
  type StoredWeight,
  type UnreadableWeight,
  type WeightFileContent,
} from './stored-weight.ts'
import { readTorchZip } from './torch-zip.ts'
import { isUsedNote, readUsedShard, shardOfNote } from './used-shard.ts'
import { verifyValues } from './verify-values.ts'
import { WeightFile } from './weight-file.ts'

/** File names that a checkpoint's weights go by on the hub, in order of preference; an index goes before one file. */
const weightFileNames = ['model.safetensors', 'pytorch_model.bin']

/**
 * Opens the weights of a checkpoint folder: safetensors or files of torch.save, in one file or in several with an
 * index. Structure and sizes of every file are checked; values are read later.
 * @throws OwlError `checkpoint-not-found`, `checkpoint-shard-missing`, `checkpoint-damaged`,
 *   `checkpoint-unsupported-format`, `checkpoint-unsafe-path`, `checkpoint-forbidden-pickle`
 */
export async function openCheckpoint(folder: string): Promise<Checkpoint> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    throw new OwlError('checkpoint-not-found', `${folder} is not a folder that can be read (${error.code}).`)
  })
  for (const name of weightFileNames) {
    const index = `${name}.index.json`
    if (names.includes(index)) return openShards(folder, index)
    if (names.includes(name) || names.some((note) => isUsedNote(note) && shardOfNote(note) === name)) {
      return openFiles(folder, [name])
    }
  }
  throw noWeights(folder, names)
}

async function openShards(folder: string, index: string): Promise<Checkpoint> {
  const fileOf = await readShardIndex(join(folder, index))
  const checkpoint = await openFiles(folder, [...new Set(fileOf.values())], fileOf)
  for (const [name, file] of fileOf) {
    if (!checkpoint.holds(name)) {
      await checkpoint.close()
      throw new OwlError('checkpoint-damaged', `${index} places ${name} in ${file}, but it is not there.`)
    }
  }
  return checkpoint
}

/** @param fileOf an index, by which each weight is taken from one file only */
async function openFiles(
  folder: string,
  names: string[],
  fileOf?: ReadonlyMap<string, string>,
): Promise<StoredCheckpoint> {
  const checkpoint = new StoredCheckpoint(folder)
  const present = new Set(await readdir(folder))
  try {
    for (const name of names) {
      const used = present.has(name) ? undefined : await readUsedShard(join(folder, name))
      if (used) {
        checkpoint.addUsed(used.weights)
        continue
      }
      const file = await WeightFile.open(join(folder, name))
      checkpoint.files.push(file)
      const content = await (name.endsWith('.safetensors') ? readSafetensors(file) : readTorchZip(file))
      checkpoint.add(content, (weight) => !fileOf || fileOf.get(weight) === name)
    }
    return checkpoint
  } catch (error) {
    await checkpoint.close()
    throw error
  }
}

class StoredCheckpoint implements Checkpoint {
  readonly folder: string
  readonly files: WeightFile[] = []
  readonly #weights = new Map<string, StoredWeight>()
  /** Of files that were deleted when all was converted that they held. */
  readonly #used = new Map<string, WeightInfo>()
  readonly #unreadable = new Map<string, UnreadableWeight>()

  constructor(folder: string) {
    this.folder = folder
  }

  get weights(): ReadonlyMap<string, WeightInfo> {
    return this.#used.size > 0 ? new Map<string, WeightInfo>([...this.#used, ...this.#weights]) : this.#weights
  }

  addUsed(weights: readonly WeightInfo[]): void {
    for (const weight of weights) this.#used.set(weight.name, weight)
  }

  add(content: WeightFileContent, wanted: (name: string) => boolean): void {
    for (const weight of content.weights) if (wanted(weight.name)) this.#weights.set(weight.name, weight)
    for (const weight of content.unreadable) if (wanted(weight.name)) this.#unreadable.set(weight.name, weight)
  }

  holds(name: string): boolean {
    return this.#weights.has(name) || this.#unreadable.has(name) || this.#used.has(name)
  }

  async read(name: string, rows?: { start: number; end: number }): Promise<Float32Array> {
    const weight = this.#weights.get(name)
    if (!weight) throw this.#cannotRead(name)
    const rowCount = weight.shape[0] ?? 1
    const { start, end } = rows ?? { start: 0, end: rowCount }
    if (!(Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start <= end && end <= rowCount)) {
      throw new RangeError(`${name} has ${rowCount} rows; rows ${start} to ${end} were asked for.`)
    }
    return readRows(weight, { start, end })
  }

  place(name: string): WeightPlace | undefined {
    const weight = this.#weights.get(name)
    if (!weight) return undefined
    const { file, type, offset, block } = weight
    // The checksum of a block that holds more than this weight can only be checked on the block.
    if (block && block.bytes !== countValues(weight.shape) * bytesPerValue[type]) return undefined
    return { path: file.path, type, offset, crc: block?.crc }
  }

  async verify(names: readonly string[], job?: JobOptions): Promise<void> {
    const weights = names.map((name) => {
      const weight = this.#weights.get(name)
      if (!weight) throw this.#cannotRead(name)
      return weight
    })
    await verifyValues(weights, job)
  }

  async close(): Promise<void> {
    await Promise.all(this.files.splice(0).map((file) => file.close()))
  }

  #cannotRead(name: string): OwlError {
    if (this.#used.has(name)) {
      const message = `The file of ${name} was deleted after it had been converted, and is needed once more.`
      return new OwlError('checkpoint-shard-missing', message)
    }
    const unreadable = this.#unreadable.get(name)
    if (!unreadable) return new OwlError('weights-missing', `The checkpoint ${this.folder} has no weight ${name}.`)
    const message = `${name} is stored as ${unreadable.type}; weights are read as float32, float16 or bfloat16.`
    return new OwlError('checkpoint-unsupported-format', message)
  }
}

function noWeights(folder: string, names: string[]): OwlError {
  if (names.some((name) => /-\d+-of-\d+\.(safetensors|bin)$/.test(name))) {
    return new OwlError('checkpoint-shard-missing', `${folder} has weights in several files, but not their index.`)
  }
  const other = names.find((name) => /\.(gguf|ggml|pth|pt|ckpt|h5|msgpack|npz|safetensors|bin)$/.test(name))
  if (other) {
    const message = `${folder} has weights in ${other}, but none in ${weightFileNames.join(' or ')}.`
    return new OwlError('checkpoint-unsupported-format', message)
  }
  return new OwlError('checkpoint-not-found', `${folder} has no weights: no ${weightFileNames.join(' and no ')}.`)
}
