import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { OwlError } from '../../native-models/owl-error.ts'

/** When the file is larger, it becomes the old one, and a new one is begun. */
const maxBytes = 512 * 2 ** 10

/**
 * What happened in the program, for a person to read and to attach to a report. It holds events, codes of errors and
 * places in the code; never questions, answers, pictures or names of files.
 */
export class Log {
  readonly folder: string
  readonly path: string

  constructor(folder: string) {
    this.folder = folder
    this.path = join(folder, 'owl.log')
  }

  /** @param details short values without anything of the person's */
  write(event: string, details: Record<string, string | number | boolean> = {}): void {
    const values = Object.entries(details).map(([name, value]) => ` ${name}=${JSON.stringify(value)}`)
    try {
      mkdirSync(this.folder, { recursive: true })
      if (existsSync(this.path) && statSync(this.path).size > maxBytes) renameSync(this.path, this.#before)
      appendFileSync(this.path, `${new Date().toISOString()} ${event}${values.join('')}\n`)
    } catch {
      // A full or read-only disk shows elsewhere, where something of the person's is at stake.
    }
  }

  /** An error by its code; of a fault of the program also the place in the code, without its message. */
  writeError(event: string, thrown: unknown): void {
    const error = OwlError.from(thrown)
    const cause = error.cause instanceof Error ? error.cause : thrown instanceof Error ? thrown : error
    if (error.code === 'internal') this.write(event, { code: error.code, kind: cause.name, at: placeInCode(cause) })
    else this.write(event, { code: error.code })
  }

  /** The newest lines, the older file's first. */
  read(): string {
    return [this.#before, this.path].map((path) => (existsSync(path) ? readFileSync(path, 'utf8') : '')).join('')
  }

  get #before(): string {
    return join(this.folder, 'owl.before.log')
  }
}

/** The lines of a stack that name functions of the program, without the folders above it. */
function placeInCode({ stack = '' }: Error): string {
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 6)
    .map((line) => line.trim().replace(/\(?(?:file:\/\/)?[^\s()]*[/\\]([^/\\]+)[/\\]([^/\\]+)\)?$/, '$1/$2'))
    .join(' < ')
}
