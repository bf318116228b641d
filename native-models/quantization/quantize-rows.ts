import { crc32 } from 'node:zlib'
import type { WeightType } from '../checkpoint/checkpoint.ts'
import { bytesPerValue, hasNonFinite, widen } from '../checkpoint/number-formats.ts'
import type { BlockFormat } from '../onnx/operators.ts'
import { bytesOf } from '../onnx/tensor-data.ts'
import { quantizeInt4 } from './block-int4.ts'
import { quantizeInt8 } from './block-int8.ts'
import { toFloat16 } from './float16.ts'

/** Rows of one weight, and where their values lie. */
export interface StoredRows extends BlockFormat {
  path: string
  type: WeightType
  /** Of the first value, in bytes. */
  offset: number
  rows: number
}

/** What has become of them: the bytes of the tensors of `storeMatrix`, in its order. */
export interface QuantizedRows {
  tensors: Uint8Array[]
  /** Of the bytes read. */
  crc: number
  bytes: number
  /** No value is infinite or not a number. */
  finite: boolean
}

/** Packed codes, scales as half floats, and zero points where there are any. */
export function quantizeRows(values: Float32Array, { bits, blockSize, columns }: BlockFormat): Uint8Array[] {
  const { packed, scales, zeroPoints } =
    bits === 8 ? quantizeInt8(values, columns, blockSize) : quantizeInt4(values, columns, blockSize)
  return [packed, bytesOf(toFloat16(scales)), ...(zeroPoints ? [zeroPoints] : [])]
}

/** @param read fills a buffer from an offset of the file */
export function quantizeStoredRows(
  stored: StoredRows,
  read: (target: Uint8Array, offset: number) => void,
): QuantizedRows {
  const count = stored.rows * stored.columns
  const bytes = new Uint8Array(count * bytesPerValue[stored.type])
  read(bytes, stored.offset)
  const values = new Float32Array(count)
  widen(stored.type, bytes, values)
  return {
    tensors: quantizeRows(values, stored),
    crc: crc32(bytes),
    bytes: bytes.length,
    finite: !hasNonFinite(stored.type, bytes),
  }
}
