import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import yauzl, { type Entry, type ZipFile } from 'yauzl'
import { OwlError } from '../../native-models/owl-error.ts'

/** A zip whose entries are read one by one. Their names lead nowhere but into the zip. */
export class ImportedArchive {
  readonly #zip: ZipFile
  readonly #entries: Map<string, Entry>

  private constructor(zip: ZipFile, entries: Map<string, Entry>) {
    this.#zip = zip
    this.#entries = entries
  }

  /** @throws OwlError `import-unreadable` */
  static async open(path: string): Promise<ImportedArchive> {
    try {
      const open = promisify<string, yauzl.Options, ZipFile>(yauzl.open)
      const zip = await open(path, { lazyEntries: true, autoClose: false })
      const entries = new Map<string, Entry>()
      await new Promise<void>((resolve, reject) => {
        zip.on('entry', (entry: Entry) => {
          entries.set(entry.fileName, entry)
          zip.readEntry()
        })
        zip.once('end', resolve)
        zip.once('error', reject)
        zip.readEntry()
      })
      return new ImportedArchive(zip, entries)
    } catch (cause) {
      throw unreadable(cause)
    }
  }

  get names(): string[] {
    return [...this.#entries.keys()]
  }

  has(name: string): boolean {
    return this.#entries.has(name)
  }

  /** A name that ends in `/NAME` or begins with what is given, as archives put folders and endings around names. */
  find(fits: (name: string) => boolean): string | undefined {
    return this.names.find(fits)
  }

  /** @throws OwlError `import-unreadable` */
  async stream(name: string): Promise<NodeJS.ReadableStream> {
    const entry = this.#entries.get(name)
    if (!entry) throw new OwlError('import-unreadable', `The archive has no ${name}.`)
    const openStream = promisify<Entry, NodeJS.ReadableStream>(this.#zip.openReadStream.bind(this.#zip))
    return openStream(entry).catch((cause) => {
      throw unreadable(cause)
    })
  }

  /** @param maxBytes of its content; a larger one is not read at all */
  async read(name: string, maxBytes: number): Promise<Uint8Array> {
    const size = this.#entries.get(name)?.uncompressedSize ?? 0
    if (size > maxBytes) throw new OwlError('import-unreadable', `${name} has ${size} bytes, more than are taken.`)
    const pieces: Buffer[] = []
    try {
      for await (const piece of await this.stream(name)) pieces.push(piece as Buffer)
    } catch (cause) {
      throw unreadable(cause)
    }
    return new Uint8Array(Buffer.concat(pieces))
  }

  async readText(name: string): Promise<string> {
    try {
      return await text(await this.stream(name))
    } catch (cause) {
      throw unreadable(cause)
    }
  }

  close(): void {
    this.#zip.close()
  }
}

function unreadable(cause: unknown): OwlError {
  if (cause instanceof OwlError) return cause
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new OwlError('import-unreadable', `The file cannot be read: ${reason}.`, { cause })
}
