import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { writeWhole } from '../whole-file.ts'
import { digestFile } from './file-digest.ts'
import { type ModelFile, modelFileSchema } from './manifest.ts'

const fileName = 'journal.json'

const journalSchema = z.object({
  /** What is being installed, and from what. */
  key: z.string(),
  finished: z.record(z.string(), z.array(modelFileSchema)),
  /** The step under way: how many of its parts are on the disk, and how its files' names begin. */
  partial: z.object({ step: z.string(), parts: z.number().int().nonnegative(), files: z.string() }).optional(),
})
type Journal = z.infer<typeof journalSchema>
type Partial = NonNullable<Journal['partial']>

/**
 * The notes by which an installation that was stopped or killed continues: which steps are finished, and which files
 * came out of them. They lie in the folder of the unfinished model.
 */
export class InstallJournal {
  readonly folder: string
  readonly #key: string
  readonly #finished: Map<string, ModelFile[]>
  #partial: Partial | undefined

  private constructor(folder: string, key: string, finished: Map<string, ModelFile[]>, partial: Partial | undefined) {
    this.folder = folder
    this.#key = key
    this.#finished = finished
    this.#partial = partial
  }

  /**
   * Takes up what was begun in a folder under the same key, as far as its files are whole. All other files in the
   * folder are removed; it is made where there is none.
   */
  static async open(folder: string, key: string, signal?: AbortSignal): Promise<InstallJournal> {
    const finished = new Map<string, ModelFile[]>()
    const before = await readJournal(folder, key)
    for (const [step, files] of Object.entries(before?.finished ?? {})) {
      if (await areWhole(folder, files, signal)) finished.set(step, files)
    }
    const journal = new InstallJournal(folder, key, finished, before?.partial)
    await mkdir(folder, { recursive: true })
    const wanted = new Set([fileName, ...journal.files.map((file) => file.path)])
    for (const name of await readdir(folder)) {
      if (!wanted.has(name) && !(before?.partial && name.startsWith(before.partial.files)))
        await rm(join(folder, name), { recursive: true })
    }
    return journal
  }

  /** Notes in a folder that these steps are finished: their files are there, and were found whole. */
  static async adopt(
    folder: string,
    key: string,
    finished: readonly (readonly [string, ModelFile[]])[],
  ): Promise<void> {
    await new InstallJournal(folder, key, new Map(finished), undefined).#write()
  }

  has(step: string): boolean {
    return this.#finished.has(step)
  }

  /** Files of all finished steps. */
  get files(): ModelFile[] {
    return [...this.#finished.values()].flat()
  }

  /** Parts of a step that are on the disk already. */
  partsOf(step: string): number {
    return this.#partial?.step === step ? this.#partial.parts : 0
  }

  /** @param files how the names of the step's files begin */
  async savePart(step: string, parts: number, files: string): Promise<void> {
    this.#partial = { step, parts, files }
    await this.#write()
  }

  async finish(step: string, files: ModelFile[]): Promise<void> {
    this.#finished.set(step, files)
    const { files: prefix } = this.#partial?.step === step ? this.#partial : {}
    if (prefix) this.#partial = undefined
    await this.#write()
    // What served only to continue the step.
    for (const name of prefix ? await readdir(this.folder) : []) {
      if (name.startsWith(prefix!) && !this.files.some(({ path }) => path === name)) await rm(join(this.folder, name))
    }
  }

  #write(): Promise<void> {
    const content: Journal = {
      key: this.#key,
      finished: Object.fromEntries(this.#finished),
      partial: this.#partial,
    }
    return writeWhole(join(this.folder, fileName), JSON.stringify(content))
  }

  static async remove(folder: string): Promise<void> {
    await rm(join(folder, fileName), { force: true })
  }
}

/** Nothing is finished where there is no journal, one that cannot be read, or one of another installation. */
async function readJournal(folder: string, key: string): Promise<Journal | undefined> {
  try {
    const journal = journalSchema.parse(JSON.parse(await readFile(join(folder, fileName), 'utf8')))
    return journal.key === key ? journal : undefined
  } catch {
    return undefined
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
