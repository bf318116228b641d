import { readdir, readFile, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { manifestSchema, modelNamePattern } from '../../native-models/install/manifest.ts'
import { partialFolder } from '../../native-models/install/model-name.ts'
import { writeWhole } from '../../native-models/whole-file.ts'
import { precisionNames } from './model-catalogue.ts'
import { Turns } from './turns.ts'

export const installSourceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('hub'), repo: z.string(), revision: z.string().optional() }),
  z.object({ kind: z.literal('folder'), folder: z.string() }),
])
export type InstallSource = z.infer<typeof installSourceSchema>

const recordSchema = z.object({
  name: z.string().regex(modelNamePattern),
  title: z.string(),
  description: z.string().optional(),
  source: installSourceSchema,
  /** Of the hub when the installation began: a download continues where it began. */
  endpoint: z.string().optional(),
  precision: z.enum(precisionNames),
  /** Where it is to run, once it is installed; as for all models where left out. */
  device: z.enum(['cpu', 'gpu']).optional(),
  licence: z.string().optional(),
  /** Deletes what was downloaded as it is converted, so that room for both is not needed. */
  deleteUsed: z.boolean(),
  /** Of the installed model that is made whole again, as it was. */
  repairs: manifestSchema.optional(),
  wanted: z.enum(['running', 'paused']),
  /** A process that is at it, or was. */
  pid: z.number().int().optional(),
  error: z.object({ code: z.string(), message: z.string(), hint: z.string() }).optional(),
})
/** An installation that was asked for and is not complete, as it is noted beside the models. */
export type InstallRecord = z.infer<typeof recordSchema>

const suffix = '.install.json'

/** A process that is at work shows it every second. */
const silentAfterMs = 15_000

/** The notes of installations in a folder of models. */
export class InstallRecords {
  readonly #folder: string
  /** The last change or removal: one made at the same time as another would undo it. */
  readonly #turns = new Turns()

  constructor(modelsFolder: string) {
    this.#folder = modelsFolder
  }

  async all(): Promise<InstallRecord[]> {
    const names = (await readdir(this.#folder).catch(() => [])).filter((name) => name.endsWith(suffix)).sort()
    const found = await Promise.all(names.map((name) => this.read(name.slice(0, -suffix.length))))
    return found.filter((record) => record !== undefined)
  }

  async read(name: string): Promise<InstallRecord | undefined> {
    if (!modelNamePattern.test(name)) return undefined
    try {
      return recordSchema.parse(JSON.parse(await readFile(this.#path(name), 'utf8')))
    } catch {
      return undefined
    }
  }

  async write(record: InstallRecord): Promise<void> {
    await writeWhole(this.#path(record.name), JSON.stringify(record))
  }

  /** Changes a note that is there. */
  change(name: string, changes: Partial<InstallRecord>): Promise<void> {
    return this.#turns.take(async () => {
      const record = await this.read(name)
      if (record) await this.write({ ...record, ...changes })
    })
  }

  /** Shows that the process of the note is at work. */
  async touch(name: string): Promise<void> {
    const now = new Date()
    await utimes(this.#path(name), now, now)
  }

  /** Whether another process is at an installation: it lives, and has shown so just now. */
  async isElsewhere({ name, pid }: InstallRecord): Promise<boolean> {
    if (pid === undefined || pid === process.pid || !isAlive(pid)) return false
    const stats = await stat(this.#path(name)).catch(() => undefined)
    // Numbers of processes are given again: one that lives may be another than the one that was killed.
    return stats !== undefined && Date.now() - stats.mtimeMs < silentAfterMs
  }

  /** Forgets an installation; with everything it has written, where `files` is true. */
  remove(name: string, files: boolean): Promise<void> {
    return this.#turns.take(async () => {
      // What is no name could lead out of the folder.
      if (!modelNamePattern.test(name)) return
      await rm(this.#path(name), { force: true })
      await rm(this.downloadFolder(name), { recursive: true, force: true })
      await rm(this.downloadRecord(name), { force: true })
      if (files) await rm(partialFolder(this.#folder, name), { recursive: true, force: true })
    })
  }

  downloadFolder(name: string): string {
    return join(this.#folder, `${name}.download`)
  }

  downloadRecord(name: string): string {
    return join(this.#folder, `${name}.download.json`)
  }

  #path(name: string): string {
    return join(this.#folder, `${name}${suffix}`)
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
