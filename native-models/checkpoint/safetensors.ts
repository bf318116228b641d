import { z } from 'zod'
import { OwlError } from '../owl-error.ts'
import type { WeightType } from './checkpoint.ts'
import { countValues, type WeightFileContent } from './stored-weight.ts'
import { parseJsonObject } from './strict-json.ts'
import type { WeightFile } from './weight-file.ts'

/** The format's own limit; the header of a 7B model takes some 100 kB. */
const largestHeader = 100_000_000

/** Bits of a value of each number format that the format knows. */
const bitsPerValue: Record<string, number> = {
  ...{ BOOL: 8, U8: 8, I8: 8, F8_E4M3: 8, F8_E5M2: 8, F8_E8M0: 8, F4: 4 },
  ...{ U16: 16, I16: 16, F16: 16, BF16: 16, U32: 32, I32: 32, F32: 32 },
  ...{ U64: 64, I64: 64, F64: 64, C64: 64 },
}
const readable: readonly string[] = ['F32', 'F16', 'BF16'] satisfies WeightType[]

const extent = z.number().int().nonnegative()
const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(extent).max(16),
  data_offsets: z.tuple([extent, extent]),
})

/**
 * Lists the weights of a safetensors file: 8 bytes header length, a JSON header, then the values without a gap.
 * @throws OwlError `checkpoint-damaged`
 */
export async function readSafetensors(file: WeightFile): Promise<WeightFileContent> {
  if (file.bytes < 8) throw file.damaged(`has ${file.bytes} bytes; a safetensors file begins with 8 bytes of length`)
  const headerBytes = (await file.slice(0, 8)).readBigUInt64LE()
  if (headerBytes > largestHeader || headerBytes > file.bytes - 8) {
    throw file.damaged(`says that its header has ${headerBytes} bytes, but the file has ${file.bytes}`)
  }
  const dataStart = 8 + Number(headerBytes)
  const header = parseJsonObject(
    (await file.slice(8, Number(headerBytes))).toString('utf8'),
    `The header of ${file.name}`,
  )

  const content: WeightFileContent = { weights: [], unreadable: [] }
  const spans: { name: string; begin: number; end: number }[] = []
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') continue
    const { data: entry, error } = entrySchema.safeParse(value)
    if (!entry) throw file.damaged(`describes ${name} wrongly: ${z.prettifyError(error)}`)
    const [begin, end] = entry.data_offsets
    const bits = bitsPerValue[entry.dtype]
    if (bits === undefined) throw file.unsupported(`stores ${name} as ${entry.dtype}, which is not known`)
    const bytes = (countValues(entry.shape) * bits) / 8
    if (end - begin !== bytes) {
      throw file.damaged(`gives ${name} ${end - begin} bytes, but ${entry.dtype} [${entry.shape}] takes ${bytes}`)
    }
    spans.push({ name, begin, end })
    if (readable.includes(entry.dtype)) {
      const type = entry.dtype as WeightType
      content.weights.push({ name, type, shape: entry.shape, file, offset: dataStart + begin })
    } else {
      content.unreadable.push({ name, type: entry.dtype })
    }
  }
  checkSpans(spans, file, file.bytes - dataStart)
  return content
}

/** The format demands that the values fill the rest of the file, without gaps or overlaps. */
function checkSpans(spans: { name: string; begin: number; end: number }[], file: WeightFile, dataBytes: number): void {
  spans.sort((a, b) => a.begin - b.begin || a.end - b.end)
  let reached = 0
  for (const { name, begin, end } of spans) {
    if (begin !== reached) {
      throw file.damaged(`${begin < reached ? 'lets another weight overlap' : 'leaves a gap before'} ${name}`)
    }
    reached = end
  }
  if (reached > dataBytes) {
    const message = `${file.name} is cut off: its header calls for ${reached} bytes of values, ${dataBytes} are there.`
    throw new OwlError('checkpoint-damaged', message)
  }
  if (reached < dataBytes) throw file.damaged(`has ${dataBytes - reached} bytes more than its header accounts for`)
}
