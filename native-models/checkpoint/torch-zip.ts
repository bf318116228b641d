import { crc32 } from 'node:zlib'
import yauzl, { type Entry, type ZipFile } from 'yauzl'
import { OwlError } from '../owl-error.ts'
import type { WeightType } from './checkpoint.ts'
import { bytesPerValue } from './number-formats.ts'
import { countValues, type StoredWeight, type WeightFileContent } from './stored-weight.ts'
import { readStateDictionary, type TorchStorage, type TorchTensor } from './torch-pickle.ts'
import type { Span, WeightFile } from './weight-file.ts'

/** Far above what a shard of the largest models has: one entry a weight and a handful more. */
const mostEntries = 100_000
/** Some 200 bytes a weight are usual. */
const largestPickle = 2 ** 26

const weightTypes: Record<string, WeightType> = { FloatStorage: 'F32', HalfStorage: 'F16', BFloat16Storage: 'BF16' }

/** Bytes of an archive's entry, which lie in the file as they are. */
interface EntrySpan extends Span {
  name: string
  crc: number
}

/**
 * Lists the weights of a file that torch.save wrote (PyTorch 1.6 or later): a zip archive without compression, with
 * the structure in `NAME/data.pkl` and the values in `NAME/data/KEY`.
 * @throws OwlError `checkpoint-unsupported-format`, `checkpoint-damaged`, `checkpoint-forbidden-pickle`
 */
export async function readTorchZip(file: WeightFile): Promise<WeightFileContent> {
  await refuseOtherFormats(file)
  const entries = await readEntries(file)
  const pickles = [...entries.keys()].filter((name) => /^[^/]+\/data\.pkl$/.test(name))
  if (pickles.length !== 1) throw file.unsupported('is a zip archive, but not one of torch.save: it lacks data.pkl')
  const root = pickles[0]!.slice(0, -'data.pkl'.length)
  if (entries.has(`${root}constants.pkl`)) throw file.unsupported('is a TorchScript program, not weights')
  await refuseBigEndian(file, entries.get(`${root}byteorder`))

  const content: WeightFileContent = { weights: [], unreadable: [] }
  for (const [name, tensor] of readStateDictionary(await readPickleEntry(file, entries.get(pickles[0]!)!), file.name)) {
    const type = weightTypes[tensor.storage.type]
    if (type) content.weights.push(locate(name, type, tensor, file, entries.get(`${root}data/${tensor.storage.key}`)))
    else content.unreadable.push({ name, type: tensor.storage.type })
  }
  return content
}

async function refuseOtherFormats(file: WeightFile): Promise<void> {
  const start = (await file.slice(0, Math.min(file.bytes, 512))).toString('latin1')
  if (start.startsWith('PK\x03\x04')) return
  if (start.startsWith('\x80')) throw file.unsupported('was saved by PyTorch before 1.6, or by pickle alone')
  if (start.slice(257, 262) === 'ustar') throw file.unsupported('is a tar archive, as PyTorch before 0.2 wrote them')
  throw file.damaged('is not a file of torch.save: it does not begin as a zip archive')
}

async function refuseBigEndian(file: WeightFile, byteOrder: EntrySpan | undefined): Promise<void> {
  if (!byteOrder) return
  const order = (await file.slice(byteOrder.start, Math.min(byteOrder.bytes, 16))).toString('latin1')
  if (order !== 'little') throw file.unsupported(`stores its values in the byte order ${JSON.stringify(order)}`)
}

async function readPickleEntry(file: WeightFile, { start, bytes, crc }: EntrySpan): Promise<Buffer> {
  if (bytes > largestPickle) throw file.damaged(`has a pickle of ${bytes} bytes, too many for a list of weights`)
  const pickle = await file.slice(start, bytes)
  if (crc32(pickle) !== crc) throw file.damaged('has a pickle whose checksum is wrong')
  return pickle
}

/** Finds a tensor's values in the file. */
function locate(
  name: string,
  type: WeightType,
  tensor: TorchTensor,
  file: WeightFile,
  span: EntrySpan | undefined,
): StoredWeight {
  const { storage, offset, shape, strides } = tensor
  if (!span) throw file.damaged(`lacks the values of ${name}`)
  checkStorage(storage, type, span, file)
  const count = countValues(shape)
  if (count > 0 && !isRowMajor(shape, strides)) {
    throw file.unsupported(`stores ${name} [${shape}] with the strides [${strides}], not row by row`)
  }
  if (offset + count > storage.length) {
    throw file.damaged(`places ${name} at ${offset} to ${offset + count} of ${storage.length} values`)
  }
  return { name, type, shape, file, offset: span.start + offset * bytesPerValue[type], block: span }
}

function checkStorage(storage: TorchStorage, type: WeightType, span: EntrySpan, file: WeightFile): void {
  const bytes = storage.length * bytesPerValue[type]
  if (bytes !== span.bytes) throw file.damaged(`has ${span.bytes} bytes in ${span.name}, but its pickle says ${bytes}`)
}

function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== expected) return false
    expected *= shape[axis]!
  }
  return true
}

/** Lets the zip library read a weight file; whatever place an archive names, an error comes back as one. */
class ArchiveReader extends yauzl.RandomAccessReader {
  readonly #file: WeightFile

  constructor(file: WeightFile) {
    super()
    this.#file = file
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead?: number) => void,
  ): void {
    this.#file.fill(buffer.subarray(offset, offset + length), position).then(() => callback(null, length), callback)
  }
}

/** Where each entry's bytes lie. Entries that are compressed or overlap are refused: torch writes no such. */
async function readEntries(file: WeightFile): Promise<Map<string, EntrySpan>> {
  const spans = new Map<string, EntrySpan>()
  try {
    const reader = new ArchiveReader(file)
    const zip = await yauzl.fromRandomAccessReaderPromise(reader, file.bytes, {
      autoClose: false,
      strictFileNames: true,
    })
    if (zip.entryCount > mostEntries) throw file.damaged(`claims ${zip.entryCount} entries`)
    for await (const entry of zip.eachEntry()) {
      if (spans.has(entry.fileName)) throw file.damaged(`has the entry ${entry.fileName} twice`)
      spans.set(entry.fileName, await locateEntry(file, zip, entry))
    }
  } catch (error) {
    if (error instanceof OwlError) throw error
    throw file.damaged(`is not a whole zip archive (${(error as Error).message})`, error)
  }
  let reached = 0
  for (const span of [...spans.values()].sort((a, b) => a.start - b.start)) {
    if (span.start < reached) throw file.damaged(`lets ${span.name} overlap with another entry`)
    reached = span.start + span.bytes
  }
  if (reached > file.bytes) throw file.damaged('is cut off')
  return spans
}

async function locateEntry(file: WeightFile, zip: ZipFile, entry: Entry): Promise<EntrySpan> {
  if (entry.compressionMethod !== 0 || entry.isEncrypted()) {
    throw file.unsupported(`has the entry ${entry.fileName} compressed or encrypted, which torch.save never does`)
  }
  const header = await zip.readLocalFileHeaderPromise(entry, { minimal: false })
  if (!header.fileName.equals(entry.fileNameRaw)) throw file.damaged(`names the entry ${entry.fileName} in two ways`)
  return { name: entry.fileName, start: header.fileDataStart, bytes: entry.uncompressedSize, crc: entry.crc32 }
}
