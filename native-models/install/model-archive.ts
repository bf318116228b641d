import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { json } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import yauzl, { type Entry, type ZipFile } from 'yauzl'
import yazl from 'yazl'
import { OwlError } from '../owl-error.ts'
import { parseManifest } from './installed-models.ts'
import { type Manifest, type ModelFile, manifestFile } from './manifest.ts'

/** How the name of a model in one file ends. */
export const archiveEnding = '.zip'

const largestManifest = 2 ** 22
/** More entries than any model has files. */
const mostEntries = 1000
const fileTypeMask = 0o170000
const regularFile = 0o100000

/**
 * Writes a model as one file: a zip in which nothing is compressed, as weights gain nothing by it.
 * @param contentOf a file of the manifest, opened when its turn comes
 */
export async function writeModelArchive(
  manifest: Manifest,
  path: string,
  contentOf: (file: ModelFile) => AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): Promise<void> {
  const zip = new yazl.ZipFile()
  const output = zip.outputStream as Readable
  zip.on('error', (error) => output.destroy(error as Error))
  zip.addBuffer(Buffer.from(JSON.stringify(manifest, null, 2)), manifestFile, { compress: false })
  for (const file of manifest.files) {
    zip.addReadStreamLazy(file.path, { compress: false, size: file.bytes }, (use) => {
      const content = Readable.from(contentOf(file), { objectMode: false })
      // The writer of zips listens to none of them.
      content.once('error', (error) => output.destroy(error))
      output.once('close', () => content.destroy())
      use(null, content)
    })
  }
  zip.end()
  await pipeline(output, createWriteStream(path, { flush: true }), { signal })
}

/**
 * A model in one file. It holds what its manifest names and nothing else, each file under its own name, once, and as
 * large as it says: nothing in it can lead elsewhere, or grow.
 */
export class ModelArchive {
  readonly manifest: Manifest
  readonly #zip: ZipFile
  readonly #entries: ReadonlyMap<string, Entry>

  private constructor(manifest: Manifest, zip: ZipFile, entries: ReadonlyMap<string, Entry>) {
    this.manifest = manifest
    this.#zip = zip
    this.#entries = entries
  }

  /** @throws OwlError `model-damaged` */
  static async open(path: string): Promise<ModelArchive> {
    let zip: ZipFile | undefined
    try {
      zip = await promisify<string, yauzl.Options, ZipFile>(yauzl.open)(path, { lazyEntries: true, autoClose: false })
      const entries = await readEntries(zip)
      const described = entries.get(manifestFile)
      if (!described) throw new Error(`it has no ${manifestFile}`)
      if (described.uncompressedSize > largestManifest) throw new Error(`its ${manifestFile} is too large`)
      const manifest = parseManifest(await json(await openEntry(zip, described)), path)
      for (const { path: name, bytes } of manifest.files) {
        const entry = entries.get(name)
        if (!entry) throw new Error(`${name} is missing`)
        if (entry.uncompressedSize !== bytes)
          throw new Error(`${name} has ${entry.uncompressedSize} bytes, not ${bytes}`)
      }
      const named = new Set([manifestFile, ...manifest.files.map((file) => file.path)])
      const other = [...entries.keys()].find((name) => !named.has(name))
      if (other !== undefined) throw new Error(`it holds ${other}, which its manifest does not name`)
      return new ModelArchive(manifest, zip, entries)
    } catch (cause) {
      zip?.close()
      if (cause instanceof OwlError) throw cause
      throw new OwlError('model-damaged', `${path} is no exported model: ${(cause as Error).message}.`, { cause })
    }
  }

  async open(path: string): Promise<Readable> {
    return openEntry(this.#zip, this.#entries.get(path)!)
  }

  close(): void {
    this.#zip.close()
  }
}

/** Names that are absolute or climb are refused by the reader of zips. */
async function readEntries(zip: ZipFile): Promise<Map<string, Entry>> {
  if (zip.entryCount > mostEntries) throw new Error(`it has ${zip.entryCount} entries`)
  const entries = new Map<string, Entry>()
  await new Promise<void>((resolve, reject) => {
    zip.on('entry', (entry: Entry) => {
      const { fileName, compressionMethod, externalFileAttributes } = entry
      const type = (externalFileAttributes >>> 16) & fileTypeMask
      if (entries.has(fileName)) return reject(new Error(`it has ${fileName} twice`))
      if (type !== 0 && type !== regularFile) return reject(new Error(`${fileName} is a link or no file at all`))
      if (compressionMethod !== 0) return reject(new Error(`${fileName} is compressed, which no export is`))
      entries.set(fileName, entry)
      zip.readEntry()
    })
    zip.once('end', resolve)
    zip.once('error', reject)
    zip.readEntry()
  })
  return entries
}

function openEntry(zip: ZipFile, entry: Entry): Promise<Readable> {
  return promisify<Entry, Readable>(zip.openReadStream.bind(zip))(entry)
}
