import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, rm, stat } from 'node:fs/promises'
import { basename, join, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { manifestFile } from '../../native-models/install/manifest.ts'
import { OwlError } from '../../native-models/owl-error.ts'
import type { JobOptions } from '../../native-models/progress.ts'
import { type DataFolder, folderNotePath, readFolderNote, writeFolderNote } from './data-folder.ts'
import { type FoundFile, filesIn, isLive } from './data-folder-move.ts'

export interface OldDataFolder {
  path: string
  bytes: number
}

/** What the program itself makes anew, or rotates: its copies need not be the same. */
const passing = /^(thumbnails|transfers|logs|backups)[\\/]|^devices\.json$/

/** Folders that the data were moved out of. They go when the person says so, after a comparison with the new one. */
export class OldDataFolders {
  readonly #folder: DataFolder
  /** Whether the chats name a picture of the attachment store. */
  readonly #isNamed: (hash: string) => Promise<boolean>

  constructor(folder: DataFolder, isNamed: (hash: string) => Promise<boolean>) {
    this.#folder = folder
    this.#isNamed = isNamed
  }

  /** Those that still hold something. */
  async list(): Promise<OldDataFolder[]> {
    const { old = [] } = readFolderNote(this.#folder.home)
    const folders = await Promise.all(
      old.map(async (path) => {
        const files = await this.#filesOf(path).catch(() => [])
        return { path, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) }
      }),
    )
    return folders.filter(({ bytes }) => bytes > 0)
  }

  /**
   * Removes one, once every file of it has been found the same in the folder that holds now. What has been deleted
   * since, such as a model or a picture that no chat shows any more, need not be there.
   * @throws OwlError `not-found`, `folder-not-usable` where something would be lost, `cancelled`
   */
  async remove(path: string, job: JobOptions = {}): Promise<void> {
    const { home, root } = this.#folder
    const { old = [] } = readFolderNote(home)
    if (!old.includes(path) || path === root) throw new OwlError('not-found', `${path} is no old data folder.`)
    try {
      await this.#compare(path, job)
    } catch (thrown) {
      if (job.signal?.aborted) throw new OwlError('cancelled', 'The comparison was stopped; nothing was removed.')
      if (thrown instanceof OwlError) throw thrown
      throw new OwlError('folder-not-usable', `${path} could not be compared: ${(thrown as Error).message}`)
    }
    // The first place keeps the note that says where the data are.
    for (const name of await readdir(path)) {
      if (join(path, name) !== folderNotePath(home)) await rm(join(path, name), { recursive: true, force: true })
    }
    if (path !== home) await rm(path, { recursive: true, force: true })
    const note = readFolderNote(home)
    writeFolderNote(home, { ...note, old: note.old?.filter((each) => each !== path) })
  }

  async #compare(path: string, { signal, onProgress }: JobOptions): Promise<void> {
    const files = await this.#filesOf(path)
    const total = files.reduce((sum, { bytes }) => sum + bytes, 0)
    const gone: string[] = []
    let done = 0
    for (const file of files) {
      signal?.throwIfAborted()
      if (!(await this.#isKept(path, file, signal))) gone.push(file.path)
      done += file.bytes
      onProgress?.({ stage: 'comparing', done, total, unit: 'bytes' })
    }
    if (gone.length === 0) return
    const more = gone.length > 1 ? ` and ${gone.length - 1} more` : ''
    throw new OwlError('folder-not-usable', `${gone[0]}${more} of ${path} is not the same in ${this.#folder.root}.`, {
      hint: 'Nothing was removed. Look at it, and remove the old folder by hand if it is not needed.',
    })
  }

  async #isKept(folder: string, { path, bytes }: FoundFile, signal: AbortSignal | undefined): Promise<boolean> {
    // What is written while the program runs has gone on since; that it is whole is checked at every start.
    if (isLive(path) || passing.test(path)) return true
    const { root } = this.#folder
    const [kind, name = ''] = path.split(sep)
    const copy = await stat(join(root, path)).catch(() => undefined)
    // Its device and its known answer change while the model is used.
    if (copy && path === join('models', name, manifestFile)) return true
    if (copy)
      return copy.size === bytes && (await hash(join(folder, path), signal)) === (await hash(join(root, path), signal))
    if (kind === 'attachments') return !(await this.#isNamed(basename(path).slice(0, 64)))
    return kind === 'models' && !(await stat(join(root, kind, name)).catch(() => undefined))
  }

  async #filesOf(path: string): Promise<FoundFile[]> {
    const note = folderNotePath(this.#folder.home)
    return (await filesIn(path)).filter((file) => join(path, file.path) !== note)
  }
}

async function hash(path: string, signal: AbortSignal | undefined): Promise<string> {
  const sum = createHash('sha256')
  await pipeline(createReadStream(path), sum, { signal })
  return sum.digest('hex')
}
