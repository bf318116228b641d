import { EventEmitter } from 'node:events'
import { readFileSync, renameSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { OwlError } from '../../native-models/owl-error.ts'
import { writeWhole } from '../../native-models/whole-file.ts'
import { type SettingKey, type SettingsValues, settingKeys, settingsList } from './settings-list.ts'

/**
 * The person's settings in one JSON file, which holds what differs from the defaults. Written to a second file and
 * renamed, so that it is whole at all times. Keys of other versions of the program are left as they are.
 */
export class Settings {
  readonly path: string
  readonly #changes = new EventEmitter<{ change: [SettingsValues] }>()
  #stored: Record<string, unknown>
  #writing: Promise<void> = Promise.resolve()

  /** Reads the file. A damaged one is set aside as `settings.json.damaged`, and the defaults hold. */
  constructor(path: string) {
    this.path = path
    this.#stored = read(path)
    // One listener a window.
    this.#changes.setMaxListeners(0)
  }

  /** All settings; one that is missing in the file, or that its schema refuses, has its default. */
  get values(): SettingsValues {
    return Object.fromEntries(settingKeys.map((key) => [key, this.get(key)])) as SettingsValues
  }

  get<K extends SettingKey>(key: K): SettingsValues[K] {
    const { schema, default: byDefault } = settingsList[key]
    const parsed = schema.safeParse(this.#stored[key])
    return (parsed.success ? parsed.data : byDefault) as SettingsValues[K]
  }

  /**
   * Changes some settings; they hold at once, and are on disk when this returns.
   * @throws OwlError `request-invalid` for a value that its schema refuses, `disk-full`, `settings-not-saved`
   */
  async set(changes: Partial<SettingsValues>): Promise<void> {
    const next = { ...this.#stored }
    for (const [key, value] of Object.entries(changes) as [SettingKey, unknown][]) {
      if (value === undefined) continue
      const parsed = settingsList[key]?.schema.safeParse(value)
      if (!parsed?.success) throw new OwlError('request-invalid', `${JSON.stringify(value)} is no value of ${key}.`)
      if (JSON.stringify(parsed.data) === JSON.stringify(settingsList[key].default)) delete next[key]
      else next[key] = parsed.data
    }
    await this.#replace(next)
  }

  /** Puts settings back to their defaults; all of them when no keys are given. */
  async reset(keys: readonly SettingKey[] = settingKeys): Promise<void> {
    const next = { ...this.#stored }
    for (const key of keys) delete next[key]
    await this.#replace(next)
  }

  /** Returns a function that ends the subscription. */
  onChange(listener: (values: SettingsValues) => void): () => void {
    this.#changes.on('change', listener)
    return () => this.#changes.off('change', listener)
  }

  /** Calls the listener at once, and whenever one of these settings has another value. Returns the end of that. */
  follow(keys: readonly SettingKey[], listener: () => void): () => void {
    const valuesOf = () => JSON.stringify(keys.map((key) => this.get(key)))
    let before = valuesOf()
    const end = this.onChange(() => {
      const now = valuesOf()
      if (now === before) return
      before = now
      listener()
    })
    listener()
    return end
  }

  async #replace(next: Record<string, unknown>): Promise<void> {
    this.#stored = next
    this.#changes.emit('change', this.values)
    // One after the other, so that the newest is what stays.
    this.#writing = this.#writing.catch(() => {}).then(() => write(this.path, this.#stored))
    await this.#writing
  }
}

function read(path: string): Record<string, unknown> {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return {}
  }
  try {
    const stored: unknown = JSON.parse(text)
    if (typeof stored === 'object' && stored !== null && !Array.isArray(stored)) return { ...stored }
  } catch {
    // Set aside below.
  }
  try {
    renameSync(path, `${path}.damaged`)
  } catch {
    // It stays until the next change is written over it.
  }
  return {}
}

async function write(path: string, stored: Record<string, unknown>): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeWhole(path, `${JSON.stringify(stored, undefined, 2)}\n`)
  } catch (cause) {
    const full = (cause as NodeJS.ErrnoException).code === 'ENOSPC'
    const message = full ? `There is no space left in ${dirname(path)}.` : `${path} could not be written.`
    throw new OwlError(full ? 'disk-full' : 'settings-not-saved', message, { cause })
  }
}
