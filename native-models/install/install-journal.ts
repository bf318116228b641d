import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { digestFile } from './file-digest.ts'
import { type ModelFile, modelFileSchema } from './manifest.ts'

const fileName = 'journal.json'

const journalSchema = z.object({
  /** What is being installed, and from what. */
  key: z.string(),
  finished: z.record(z.string(), z.array(modelFileSchema)),
})

/**
 * The notes by which an installation that was stopped or killed continues: which steps are finished, and which files
 * came out of them. They lie in the folder of the unfinished model.
 */
export class InstallJournal {
  readonly folder: string
  readonly #key: string
  readonly #finished: Map<string, ModelFile[]>

  private constructor(folder: string, key: string, finished: Map<string, ModelFile[]>) {
    this.folder = folder
    this.#key = key
    this.#finished = finished
  }

  /**
   * Takes up what was begun in a folder under the same key, as far as its files are whole. All other files in the
   * folder are removed; it is made where there is none.
   */
  static async open(folder: string, key: string, signal?: AbortSignal): Promise<InstallJournal> {
    const finished = new Map<string, ModelFile[]>()
    for (const [step, files] of Object.entries(await readFinished(folder, key))) {
      if (await areWhole(folder, files, signal)) finished.set(step, files)
    }
    const journal = new InstallJournal(folder, key, finished)
    await mkdir(folder, { recursive: true })
    const wanted = new Set([fileName, ...journal.files.map((file) => file.path)])
    for (const name of await readdir(folder)) {
      if (!wanted.has(name)) await rm(join(folder, name), { recursive: true })
    }
    return journal
  }

  has(step: string): boolean {
    return this.#finished.has(step)
  }

  /** Files of all finished steps. */
  get files(): ModelFile[] {
    return [...this.#finished.values()].flat()
  }

  async finish(step: string, files: ModelFile[]): Promise<void> {
    this.#finished.set(step, files)
    const content = { key: this.#key, finished: Object.fromEntries(this.#finished) }
    await writeWhole(join(this.folder, fileName), JSON.stringify(content))
  }

  static async remove(folder: string): Promise<void> {
    await rm(join(folder, fileName), { force: true })
  }
}

/** Writes a file so that it is there as a whole or not at all. */
export async function writeWhole(path: string, content: string): Promise<void> {
  await writeFile(`${path}.tmp`, content, { flush: true })
  await rename(`${path}.tmp`, path)
}

/** Nothing is finished where there is no journal, one that cannot be read, or one of another installation. */
async function readFinished(folder: string, key: string): Promise<Record<string, ModelFile[]>> {
  try {
    const journal = journalSchema.parse(JSON.parse(await readFile(join(folder, fileName), 'utf8')))
    return journal.key === key ? journal.finished : {}
  } catch {
    return {}
  }
}

async function areWhole(folder: string, files: ModelFile[], signal?: AbortSignal): Promise<boolean> {
  for (const file of files) {
    const found = await digestFile(folder, file.path, { signal }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined
      throw error
    })
    if (found?.sha256 !== file.sha256) return false
  }
  return true
}
