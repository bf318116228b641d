import { crc32 } from 'node:zlib'
import { OwlError } from '../owl-error.ts'
import type { JobOptions } from '../progress.ts'
import type { WeightType } from './checkpoint.ts'
import { bytesPerValue, hasNonFinite } from './number-formats.ts'
import { chunkBytes, countValues, type StoredWeight, unfilled } from './stored-weight.ts'
import type { Span, WeightFile } from './weight-file.ts'

/** Reads all values of some weights once, and the blocks they are part of where these have a checksum. */
export async function verifyValues(weights: readonly StoredWeight[], job: JobOptions = {}): Promise<void> {
  const blocks = new Map(weights.filter(isWindow).map((weight) => [weight.block, weight.file]))
  const sizes = [...weights.map(valueSpan), ...blocks.keys()].map(({ bytes }) => bytes)
  const total = sizes.reduce((sum, bytes) => sum + bytes, 0)
  let done = 0
  const scan = (file: WeightFile, span: Span, name: string, type?: WeightType) =>
    scanSpan(file, span, name, type, (bytes) => {
      if (job.signal?.aborted) throw new OwlError('cancelled', 'Checking the checkpoint was stopped.')
      done += bytes
      job.onProgress?.({ stage: 'checking weights', done, total, unit: 'bytes' })
    })
  for (const weight of weights) await scan(weight.file, valueSpan(weight), weight.name, weight.type)
  for (const [block, file] of blocks) await scan(file, block, 'a block of values')
}

/** Where a weight's own values lie, with the checksum if they are a whole block. */
function valueSpan(weight: StoredWeight): Span {
  const bytes = countValues(weight.shape) * bytesPerValue[weight.type]
  return isWindow(weight) || !weight.block ? { start: weight.offset, bytes } : weight.block
}

/** Whether a weight is a part of a block that has a checksum. */
function isWindow(weight: StoredWeight): weight is StoredWeight & { block: Span } {
  return weight.block !== undefined && weight.block.bytes !== countValues(weight.shape) * bytesPerValue[weight.type]
}

async function scanSpan(
  file: WeightFile,
  { start, bytes, crc }: Span,
  name: string,
  type: WeightType | undefined,
  report: (bytes: number) => void,
): Promise<void> {
  const buffer = unfilled(Math.min(chunkBytes, bytes))
  let sum = 0
  for (let done = 0; done < bytes; done += chunkBytes) {
    const chunk = buffer.subarray(0, bytes - done)
    await file.fill(chunk, start + done)
    if (type && hasNonFinite(type, chunk)) throw file.damaged(`has values in ${name} that are infinite or not a number`)
    if (crc !== undefined) sum = crc32(chunk, sum)
    report(chunk.length)
  }
  if (crc !== undefined && sum !== crc) throw file.damaged(`does not have the checksum of ${name} that it names itself`)
}
