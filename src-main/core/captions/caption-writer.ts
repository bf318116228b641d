import { dirname } from 'node:path'
import { OwlError } from '../../../native-models/owl-error.ts'
import type { CaptionItemRow, CaptionStore } from '../../storage/caption-store.ts'
import { Turns } from '../turns.ts'
import {
  checkWritable,
  readSidecar,
  removeSidecar,
  sidecarPath,
  tableName,
  tablePath,
  writeCaptions,
} from './caption-outputs.ts'
import type { CaptionSettings } from './caption-settings.ts'
import { CaptionTable } from './caption-table.ts'
import { type CaptionedScene, subRip, webVtt } from './subtitles.ts'

const subtitleEndings = ['.srt', '.vtt'] as const

/** Decided captions written at a time, so that memory stays small and a failure is told early. */
const batch = 500

/**
 * Captions on their way to where they belong: a sidecar as soon as it is decided, a table whole, when the job ends or
 * rests. Everything written here is in the queue already, so writing it twice does no harm.
 */
export class CaptionWriter {
  readonly #store: CaptionStore
  readonly #settings: CaptionSettings
  readonly #tables = new Map<string, Promise<CaptionTable>>()
  /** One write after the other: an edit may come while captions are made. */
  readonly #turns = new Turns()

  constructor(store: CaptionStore, settings: CaptionSettings) {
    this.#store = store
    this.#settings = settings
  }

  /**
   * The caption that an item has where it belongs.
   * @throws OwlError `caption-not-writable`, `caption-table-damaged`
   */
  async existing(item: CaptionItemRow): Promise<string | undefined> {
    const table = await this.#table(item.root)
    return table ? table.caption(tableName(item.path, table.path)) : readSidecar(this.#sidecar(item))
  }

  /**
   * Looks whether the item's caption can be written at all, before it is made.
   * @throws OwlError `caption-not-writable`, `caption-shared`
   */
  async check(item: CaptionItemRow): Promise<void> {
    await this.#checkSubtitles(item)
    const table = tablePath(item.root, this.#settings)
    if (table) return checkWritable(table)
    const sidecar = this.#sidecar(item)
    await checkWritable(sidecar)
    const stem = sidecar.slice(0, -this.#settings.extension.length)
    // Of several pictures that would share a sidecar, the first has it.
    const first = this.#store
      .siblings(item.job, `${stem}.`, `${stem}/`)
      .find((path) => dirname(path) === dirname(item.path) && this.#sidecar({ path }) === sidecar)
    if (first !== undefined && first !== item.path) {
      throw new OwlError('caption-shared', `${sidecar} is the caption of ${first} already.`)
    }
  }

  /** Writes a sidecar and marks its item; an item of a table waits for `flush`. @throws OwlError as `writeCaptions` */
  write(item: CaptionItemRow): Promise<void> {
    return this.#settings.output === 'sidecar' ? this.#turns.take(() => this.#writeSidecar(item)) : Promise.resolve()
  }

  async #writeSidecar(item: CaptionItemRow): Promise<void> {
    const sidecar = this.#sidecar(item)
    if (item.caption === null) await removeSidecar(sidecar)
    else await writeCaptions(sidecar, `${item.caption}\n`)
    await this.#writeSubtitles(item)
    this.#store.setWritten([item.id])
  }

  /**
   * Writes all that is decided. An item that cannot be written is marked as failed, with its caption kept.
   * @throws OwlError `disk-full`, and of a table `caption-not-writable`
   */
  flush(job: number): Promise<void> {
    return this.#turns.take(() => this.#flush(job))
  }

  async #flush(job: number): Promise<void> {
    let path = ''
    const ids: number[] = []
    for (;;) {
      const items = this.#store.itemsIn(job, 'decided', batch, path)
      for (const item of items) {
        if (this.#settings.output === 'sidecar') await this.#tryWrite(item)
        else {
          await this.#put(item)
          ids.push(item.id)
        }
      }
      if (items.length < batch) break
      path = items.at(-1)!.path
    }
    if (ids.length === 0) return
    for (const table of this.#tables.values()) await (await table).write()
    this.#store.setWritten(ids)
  }

  async #tryWrite(item: CaptionItemRow): Promise<void> {
    try {
      await this.#writeSidecar(item)
    } catch (thrown) {
      const error = OwlError.from(thrown)
      if (error.code === 'disk-full') throw error
      this.#store.fail(item.id, JSON.stringify(error.toMessage()))
    }
  }

  async #put(item: CaptionItemRow): Promise<void> {
    const table = (await this.#table(item.root))!
    const name = tableName(item.path, table.path)
    const scenes = item.scenes === null ? {} : { scenes: JSON.parse(item.scenes) as CaptionedScene[] }
    if (item.caption === null) table.remove(name)
    else table.set(name, item.caption, scenes)
    await this.#writeSubtitles(item)
  }

  /** They stand beside the video. Those that someone made are not written over unawares. */
  async #checkSubtitles({ kind, path, is_again }: CaptionItemRow): Promise<void> {
    const { videos, existing } = this.#settings
    if (kind !== 'video' || videos !== 'scenes') return
    await checkWritable(path)
    if (existing !== 'skip' || is_again) return
    for (const ending of subtitleEndings) {
      const file = sidecarPath(path, ending)
      if (await readSidecar(file)) {
        throw new OwlError('caption-shared', `${file} is there already and was left as it is.`, {
          hint: 'Move it away, or have captions that are there replaced.',
        })
      }
    }
  }

  /** A video's scenes stand beside it, whatever the form of the captions. */
  async #writeSubtitles(item: CaptionItemRow): Promise<void> {
    if (item.scenes === null || item.caption === null) return
    const scenes = JSON.parse(item.scenes) as CaptionedScene[]
    await writeCaptions(sidecarPath(item.path, '.srt'), subRip(scenes))
    await writeCaptions(sidecarPath(item.path, '.vtt'), webVtt(scenes))
  }

  #sidecar({ path }: Pick<CaptionItemRow, 'path'>): string {
    return sidecarPath(path, this.#settings.extension)
  }

  #table(root: string): Promise<CaptionTable | undefined> {
    const { output } = this.#settings
    const path = tablePath(root, this.#settings)
    if (path === undefined || output === 'sidecar') return Promise.resolve(undefined)
    let table = this.#tables.get(path)
    if (!table) {
      table = CaptionTable.open(path, output)
      this.#tables.set(path, table)
    }
    return table
  }
}
