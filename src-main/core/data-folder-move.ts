import { createHash } from 'node:crypto'
import { cpSync, createReadStream, createWriteStream, statSync } from 'node:fs'
import { mkdir, readdir, realpath, rename, rm, stat, utimes } from 'node:fs/promises'
import path, { basename, dirname, isAbsolute, join, resolve, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { checkFreeSpace } from '../../native-models/install/free-space.ts'
import { OwlError } from '../../native-models/owl-error.ts'
import type { JobOptions } from '../../native-models/progress.ts'
import {
  type DataFolder,
  dataFolder,
  type FolderNote,
  folderNotePath,
  readFolderNote,
  writeFolderNote,
} from './data-folder.ts'

export interface FoundFile {
  /** Below the folder. */
  path: string
  bytes: number
}

/**
 * Moves the data folder in two steps. While the program runs, all that does not change is copied and each copy is read
 * back and compared. At the next start, before anything is open, the rest follows and the new folder holds. The old one
 * stays as it is until the person has it removed: see old-data-folders.ts.
 */
export class DataFolderMove {
  readonly #folder: DataFolder
  #isUnderWay = false

  constructor(folder: DataFolder) {
    this.#folder = folder
  }

  get state(): { path: string; movingTo?: string; failed?: FolderNote['failed'] } {
    const { moving, failed } = readFolderNote(this.#folder.home)
    return { path: this.#folder.root, movingTo: moving?.to, failed }
  }

  /**
   * Copies and compares; a second try goes on after what the first has copied.
   * @param to absolute path of a folder that is empty, or that an earlier try has begun
   * @throws OwlError `folder-not-usable`, `disk-full`, `cancelled`
   */
  async start(to: string, { signal, onProgress }: JobOptions = {}): Promise<void> {
    if (this.#isUnderWay) throw new OwlError('request-invalid', 'The data folder is being moved already.')
    this.#isUnderWay = true
    const from = this.#folder.root
    try {
      const target = await usableTarget(from, to)
      const files = (await filesIn(from)).filter(({ path }) => !isLive(path))
      const total = files.reduce((sum, { bytes }) => sum + bytes, 0)
      await checkFreeSpace(target, total)
      let done = 0
      for (const { path, bytes } of files) {
        signal?.throwIfAborted()
        await copyCompared(join(from, path), join(target, path), signal)
        done += bytes
        onProgress?.({ stage: 'copying', done, total, unit: 'bytes' })
      }
      const { folder, old } = readFolderNote(this.#folder.home)
      writeFolderNote(this.#folder.home, { folder, old, moving: { to: target, process: process.pid } })
    } catch (thrown) {
      if (signal?.aborted) throw new OwlError('cancelled', 'The move was stopped; the data stay where they are.')
      if (thrown instanceof OwlError) throw thrown
      const { code, message } = thrown as NodeJS.ErrnoException
      if (code === 'ENOSPC') throw new OwlError('disk-full', `There is no space left in ${to}.`, { cause: thrown })
      throw new OwlError('folder-not-usable', message, { cause: thrown })
    } finally {
      this.#isUnderWay = false
    }
  }

  /** The data stay where they are; copies that were made stay, too. */
  forget(): void {
    const { folder, old } = readFolderNote(this.#folder.home)
    writeFolderNote(this.#folder.home, { folder, old })
  }
}

/** The data folder, after a move that was due: for a shell to ask for before it opens anything in it. */
export function currentFolder(environment: NodeJS.ProcessEnv = process.env): DataFolder {
  finishFolderMove(dataFolder(environment))
  return dataFolder(environment)
}

/**
 * Finishes a move that is due, before anything in the folder is open. If it cannot, the old folder goes on holding and
 * the note says why.
 */
export function finishFolderMove({ home, root }: DataFolder): void {
  const { folder, moving, old = [] } = readFolderNote(home)
  if (!moving || isRunning(moving.process)) return
  const { to } = moving
  try {
    cpSync(root, to, {
      recursive: true,
      preserveTimestamps: true,
      filter: (source, copy) => source !== folderNotePath(home) && isDifferent(source, copy),
    })
    const left = [...old.filter((path) => path !== to && path !== root), root]
    writeFolderNote(home, { folder: to === home ? undefined : to, old: left })
  } catch (thrown) {
    writeFolderNote(home, {
      folder,
      old,
      failed: { to, reason: thrown instanceof Error ? thrown.message : String(thrown) },
    })
  }
}

/** Files that are written while the program runs: copied when it does not. */
export function isLive(path: string): boolean {
  const name = basename(path)
  return name.startsWith('owl.sqlite') || /^(\.?(settings|secrets|window)\.json.*|moved\.json|.*\.log)$/.test(name)
}

async function usableTarget(from: string, to: string): Promise<string> {
  if (!isAbsolute(to)) throw new OwlError('folder-not-usable', `${to} is not a whole path.`)
  const target = resolve(to)
  refuseOverlap(from, target)
  await mkdir(target, { recursive: true })
  // By its name alone a link, or another spelling, looks like a folder of its own.
  refuseOverlap(await realpath(from), await realpath(target))
  const own = new Set(await readdir(from))
  const strange = (await readdir(target)).filter((name) => !own.has(name) && name !== 'moved.json')
  if (strange.length > 0) throw new OwlError('folder-not-usable', `${target} holds other files, such as ${strange[0]}.`)
  return target
}

function refuseOverlap(from: string, target: string): void {
  if (path.relative(from, target) === '') throw new OwlError('folder-not-usable', `The data are in ${target} already.`)
  if (isInside(target, from) || isInside(from, target)) {
    throw new OwlError('folder-not-usable', 'One of the two folders lies within the other.')
  }
}

/** @param paths the rules of another system than this one. There, the way to another drive is an absolute path. */
export function isInside(inner: string, outer: string, paths: path.PlatformPath = path): boolean {
  const way = paths.relative(outer, inner)
  return way !== '' && way !== '..' && !way.startsWith(`..${paths.sep}`) && !paths.isAbsolute(way)
}

/** Every file of a folder and of those in it. */
export async function filesIn(root: string): Promise<FoundFile[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return Promise.all(
    files.map(async (path) => ({ path: path.slice(root.length).replace(sep, ''), bytes: (await stat(path)).size })),
  )
}

async function copyCompared(from: string, to: string, signal: AbortSignal | undefined): Promise<void> {
  if (!isDifferent(from, to)) return
  const unfinished = `${to}.unfinished`
  await mkdir(dirname(to), { recursive: true })
  try {
    const written = createHash('sha256')
    const source = createReadStream(from)
    source.on('data', (piece) => written.update(piece))
    await pipeline(source, createWriteStream(unfinished), { signal })
    const read = createHash('sha256')
    await pipeline(createReadStream(unfinished), read, { signal })
    if (read.digest('hex') !== written.digest('hex')) {
      throw new OwlError('folder-not-usable', `The copy of ${basename(from)} is not what was written.`)
    }
    const { atime, mtime } = await stat(from)
    await utimes(unfinished, atime, mtime)
    await rename(unfinished, to)
  } finally {
    await rm(unfinished, { force: true })
  }
}

/** By size and time of change; a folder always, so that what is in it is looked at. */
function isDifferent(from: string, to: string): boolean {
  const source = statSync(from)
  if (source.isDirectory()) return true
  const copy = statSync(to, { throwIfNoEntry: false })
  return !copy || copy.size !== source.size || Math.abs(copy.mtimeMs - source.mtimeMs) > 1000
}

function isRunning(process_: number): boolean {
  try {
    process.kill(process_, 0)
    return true
  } catch {
    return false
  }
}
