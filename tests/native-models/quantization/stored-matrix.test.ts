import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, test } from 'vitest'
import type { Checkpoint } from '../../../native-models/checkpoint/checkpoint.ts'
import { GraphBuilder } from '../../../native-models/onnx/graph-builder.ts'
import { writeModelFile } from '../../../native-models/onnx/model-file.ts'
import { dequantizeInt4, quantizeInt4 } from '../../../native-models/quantization/block-int4.ts'
import { dequantizeInt8, quantizeInt8 } from '../../../native-models/quantization/block-int8.ts'
import { compareValues } from '../../../native-models/quantization/error-metrics.ts'
import { multiplyByMatrix, rowsOfMatrix, storeMatrix } from '../../../native-models/quantization/stored-matrix.ts'
import { bellCurve } from './sample-values.ts'

const shapes = [
  { rows: 40, columns: 64 },
  { rows: 33, columns: 48 },
  { rows: 7, columns: 96 },
  { rows: 20, columns: 5 },
  { rows: 300, columns: 576 },
]

/** A checkpoint of one weight, `matrix`. */
function checkpointOf(values: Float32Array, rows: number, columns: number): Checkpoint {
  const info = { name: 'matrix', type: 'F32', shape: [rows, columns] } as const
  return {
    folder: '',
    weights: new Map([['matrix', info]]),
    read: async (_, range = { start: 0, end: rows }) => values.slice(range.start * columns, range.end * columns),
    verify: async () => {},
    close: async () => {},
  }
}

/** The matrix in a graph: products with it, and rows of it. */
async function run(
  precision: 'f32' | 'f16' | 'int8' | 'int4',
  weight: { values: Float32Array; rows: number; columns: number },
  x: Float32Array,
  indices: number[],
) {
  const { values, rows, columns } = weight
  const folder = await mkdtemp(path.join(tmpdir(), 'owl-matrix-'))
  const g = new GraphBuilder('matrix')
  // In two parts that are put together again, as fused projections are.
  const parts = [
    { weight: 'matrix', start: 0, end: 3 },
    { weight: 'matrix', start: 3, end: rows },
  ]
  const matrix = storeMatrix(g, checkpointOf(values, rows, columns), { name: 'm', parts, rows, columns }, precision)
  const bias = g.constant('float32', [rows], new Float32Array(rows).fill(0.5))
  const input = g.input('x', 'float32', ['n', columns])
  g.output('plain', multiplyByMatrix(g, input, matrix), ['n', rows])
  g.output('biased', multiplyByMatrix(g, input, matrix, bias), ['n', rows])
  g.output('rows', rowsOfMatrix(g, matrix, g.input('indices', 'int64', ['r'])), ['r', columns])
  await writeModelFile(g, { folder, maxFileBytes: 1 << 16 })
  const session = await InferenceSession.create(path.join(folder, 'matrix.onnx'), { intraOpNumThreads: 1 })
  const outputs = await session.run({
    x: new Tensor('float32', x, [x.length / columns, columns]),
    indices: new Tensor('int64', BigInt64Array.from(indices, BigInt), [indices.length]),
  })
  await session.release()
  await rm(folder, { recursive: true })
  return outputs as Record<'plain' | 'biased' | 'rows', Tensor & { data: Float32Array }>
}

function product(x: Float32Array, weight: Float32Array, rows: number, columns: number): Float32Array {
  return Float32Array.from({ length: (x.length / columns) * rows }, (_, i) => {
    const [n, row] = [Math.floor(i / rows), i % rows]
    let sum = 0
    for (let c = 0; c < columns; c++) sum += x[n * columns + c]! * weight[row * columns + c]!
    return sum
  })
}

describe.each(shapes)('$rows x $columns', ({ rows, columns }) => {
  const values = bellCurve(rows * columns, 11)
  const x = bellCurve(5 * columns, 12)
  const blockSize = { int8: columns % 128 === 0 ? 128 : columns % 64 === 0 ? 64 : 32, int4: 32 }
  const stored = {
    f32: values,
    int8: dequantizeInt8(quantizeInt8(values, columns, blockSize.int8), columns, blockSize.int8),
    int4: dequantizeInt4(quantizeInt4(values, columns, blockSize.int4), columns, blockSize.int4),
  }

  test.each(['f32', 'int8', 'int4'] as const)('%s: products are those of the values stored', async (precision) => {
    const { plain, biased } = await run(precision, { values, rows, columns }, x, [])
    const expected = product(x, stored[precision], rows, columns)
    // Block products round x to 8 bits: 1/254 of the largest of each block.
    const { relativePower } = compareValues(plain.data, expected)
    expect(relativePower).toBeLessThan(precision === 'f32' ? 1e-10 : 1e-4)
    expect(
      compareValues(
        biased.data,
        plain.data.map((value) => value + 0.5),
      ).largest,
    ).toBeLessThan(1e-4)
  })

  test.each(['f32', 'int8', 'int4'] as const)(
    '%s: rows are those stored, in any order and number',
    async (precision) => {
      const indices = [rows - 1, 0, 3, 3]
      const found = await run(precision, { values, rows, columns }, x, indices)
      expect(found.rows.dims).toEqual([4, columns])
      const expected = indices.flatMap((row) => [...stored[precision].subarray(row * columns, (row + 1) * columns)])
      expect(compareValues(found.rows.data, expected).largest).toBeLessThan(1e-6)
      const none = await run(precision, { values, rows, columns }, new Float32Array(), [])
      expect(none.rows.dims).toEqual([0, columns])
      expect(none.plain.dims).toEqual([0, rows])
    },
  )

  test('f16: products and rows are those of half floats', async () => {
    const { plain, rows: found } = await run('f16', { values, rows, columns }, x, [1])
    expect(compareValues(plain.data, product(x, values, rows, columns)).relativePower).toBeLessThan(1e-6)
    expect(compareValues(found.data, values.subarray(columns, 2 * columns)).largest).toBeLessThan(2e-3)
  })
})

test('8-bit products do not overflow where all values are at the ends of their range', async () => {
  const [rows, columns] = [16, 256]
  for (const sign of [1, -1]) {
    const values = new Float32Array(rows * columns).fill(sign)
    const { plain } = await run('int8', { values, rows, columns }, new Float32Array(columns).fill(1), [])
    for (const value of plain.data as Float32Array)
      expect(Math.abs(value - sign * columns)).toBeLessThan(columns / 2048)
  }
})
