import { readFile } from 'node:fs/promises'
import Papa from 'papaparse'
import { OwlError } from '../../../native-models/owl-error.ts'
import { writeCaptions } from './caption-outputs.ts'
import type { CaptionSettings } from './caption-settings.ts'

type TableOutput = Exclude<CaptionSettings['output'], 'sidecar'>
type Row = Record<string, unknown>

/** What the columns of file names and of captions are called. `metadata.jsonl` is the form of Hugging Face's ImageFolder. */
const columns: Record<TableOutput, { file: string; caption: string }> = {
  jsonl: { file: 'file', caption: 'caption' },
  csv: { file: 'file', caption: 'caption' },
  imagefolder: { file: 'file_name', caption: 'text' },
}

/**
 * Captions of a folder in one file. What it holds already is kept: rows of other files, and further columns.
 * It is written whole each time, in the order of the names, so that the same captions give the same file.
 */
export class CaptionTable {
  readonly path: string
  readonly #output: TableOutput
  #rows: Map<string, Row>

  private constructor(path: string, output: TableOutput, rows: Map<string, Row>) {
    this.path = path
    this.#output = output
    this.#rows = rows
  }

  /** @throws OwlError `caption-table-damaged` if a file of that name is something else */
  static async open(path: string, output: TableOutput): Promise<CaptionTable> {
    const content = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ENOENT') return ''
      throw damaged(path, cause.message, cause)
    })
    const { file } = columns[output]
    const rows = new Map<string, Row>()
    for (const row of output === 'csv' ? parseCsv(path, content) : parseLines(path, content)) {
      const name = row[file]
      if (typeof name !== 'string') throw damaged(path, `a row has no "${file}"`)
      rows.set(name, row)
    }
    return new CaptionTable(path, output, rows)
  }

  caption(name: string): string | undefined {
    const text = this.#rows.get(name)?.[columns[this.#output].caption]
    return typeof text === 'string' ? text.trim() || undefined : undefined
  }

  /** @param more further columns of a JSON line; a CSV takes none */
  set(name: string, caption: string, more: Row = {}): void {
    const { file, caption: captionColumn } = columns[this.#output]
    const row = { [file]: name, ...this.#rows.get(name), [captionColumn]: caption }
    this.#rows.set(name, this.#output === 'csv' ? row : { ...row, ...more })
  }

  remove(name: string): void {
    this.#rows.delete(name)
  }

  /** @throws OwlError `caption-not-writable`, `disk-full` */
  async write(): Promise<void> {
    const names = [...this.#rows.keys()].sort()
    this.#rows = new Map(names.map((name) => [name, this.#rows.get(name)!]))
    await writeCaptions(this.path, this.#output === 'csv' ? this.#csv() : this.#lines())
  }

  *#lines(): Generator<string> {
    for (const row of this.#rows.values()) yield `${JSON.stringify(row)}\n`
  }

  *#csv(): Generator<string> {
    const { file, caption } = columns.csv
    const fields = [...new Set([file, caption, ...[...this.#rows.values()].flatMap(Object.keys)])]
    yield `${Papa.unparse({ fields, data: [...this.#rows.values()] }, { newline: '\n' })}\n`
  }
}

function parseCsv(path: string, content: string): Row[] {
  const { data, errors } = Papa.parse<Row>(content.replace(/^\uFEFF/, ''), { header: true, skipEmptyLines: true })
  const [error] = errors.filter(({ type }) => type !== 'Delimiter')
  if (error) throw damaged(path, `row ${(error.row ?? 0) + 1}: ${error.message}`)
  return data
}

function parseLines(path: string, content: string): Row[] {
  return content.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return []
    try {
      const row: unknown = JSON.parse(line)
      if (typeof row === 'object' && row !== null && !Array.isArray(row)) return [row as Row]
    } catch {
      // Told below.
    }
    throw damaged(path, `line ${index + 1} is no JSON object`)
  })
}

function damaged(path: string, why: string, cause?: unknown): OwlError {
  return new OwlError('caption-table-damaged', `${path} cannot be continued: ${why}.`, { cause })
}
