import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { GraphBuilder, type Value } from '../../../native-models/onnx/graph-builder.ts'
import { weightBytes, writeModelFile } from '../../../native-models/onnx/model-file.ts'
import { add, gemm, multiply } from '../../../native-models/onnx/operators.ts'
import { bytesOf } from '../../../native-models/onnx/tensor-data.ts'
import type { Progress } from '../../../native-models/progress.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'owl-onnx-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** A weight of rows 0, 1, 2, ... that comes in pieces of one row. */
function countingWeight(g: GraphBuilder, name: string, rows: number, columns: number): Value<'float32'> {
  const [value] = g.weight({
    tensors: [{ name, type: 'float32', shape: [rows, columns] }],
    async *pieces() {
      for (let row = 0; row < rows; row++) yield { tensor: 0, bytes: bytesOf(new Float32Array(columns).fill(row)) }
    },
  })
  return value as Value<'float32'>
}

function sampleGraph(): GraphBuilder {
  const g = new GraphBuilder('sample')
  const x = g.input('x', 'float32', ['n', 64])
  const small = countingWeight(g, 'small', 3, 64)
  const middle = countingWeight(g, 'middle', 200, 64)
  const large = countingWeight(g, 'large', 500, 64)
  g.output('small_out', gemm(g, x, small), ['n', 3])
  g.output('middle_out', gemm(g, x, middle), ['n', 200])
  g.output('large_out', gemm(g, x, large), ['n', 500])
  return g
}

test('weights come out as they went in, inline and from several files', async () => {
  const progress: Progress[] = []
  const files = await writeModelFile(
    sampleGraph(),
    { folder, maxFileBytes: 100_000 },
    { onProgress: (step) => progress.push(step) },
  )
  expect(files).toEqual(['sample.onnx', 'sample.weights.0', 'sample.weights.1'])
  expect((await readdir(folder)).sort()).toEqual([...files].sort())
  expect((await stat(path.join(folder, 'sample.weights.0'))).size).toBe(200 * 64 * 4)
  expect(progress.at(-1)).toEqual({ stage: 'sample', done: 703 * 64 * 4, total: 703 * 64 * 4, unit: 'bytes' })
  expect(weightBytes(sampleGraph())).toBe(703 * 64 * 4)

  const session = await InferenceSession.create(path.join(folder, 'sample.onnx'), { intraOpNumThreads: 1 })
  const x = new Tensor('float32', new Float32Array(64).fill(1), [1, 64])
  const outputs = await session.run({ x })
  for (const [name, rows] of [
    ['small_out', 3],
    ['middle_out', 200],
    ['large_out', 500],
  ] as const)
    expect([...(outputs[name]!.data as Float32Array)]).toEqual(Array.from({ length: rows }, (_, row) => row * 64))
  await session.release()
})

test('weights in one file start on pages of 4096 bytes', async () => {
  await writeModelFile(sampleGraph(), { folder, maxFileBytes: 1 << 30 })
  const bytes = await readFile(path.join(folder, 'sample.weights.0'))
  const large = Math.ceil((200 * 64 * 4) / 4096) * 4096
  expect(bytes.length).toBe(large + 500 * 64 * 4)
  expect(bytes.readFloatLE(large)).toBe(0)
  expect(bytes.readFloatLE(large + 499 * 64 * 4)).toBe(499)
})

test('a graph can be stopped while it is written', async () => {
  const stop = new AbortController()
  const written = writeModelFile(
    sampleGraph(),
    { folder, maxFileBytes: 1 << 30 },
    { signal: stop.signal, onProgress: ({ done }) => done > 20_000 && stop.abort() },
  )
  await expect(written).rejects.toMatchObject({ code: 'cancelled' })
  expect(await readdir(folder)).toEqual(['sample.weights.0'])
})

test('a graph that was stopped is continued where it was noted, and is the same in the end', async () => {
  const whole = path.join(folder, 'whole')
  const part = path.join(folder, 'part')
  for (const name of [whole, part]) await mkdir(name)
  const files = await writeModelFile(sampleGraph(), { folder: whole, maxFileBytes: 100_000 })
  let finished = 0
  const continuation = {
    everyBytes: 1,
    save: async (weights: number) => {
      finished = weights
    },
  }
  const stop = new AbortController()
  // In the middle of the last weight, so that its first rows are on the disk and not noted.
  const stopped = writeModelFile(
    sampleGraph(),
    { folder: part, maxFileBytes: 100_000, continuation: { ...continuation, finished: 0 } },
    { signal: stop.signal, onProgress: ({ done }) => done > 300 * 64 * 4 && stop.abort() },
  )
  await expect(stopped).rejects.toMatchObject({ code: 'cancelled' })
  expect(finished).toBe(2)
  const seen: number[] = []
  const written = await writeModelFile(
    sampleGraph(),
    { folder: part, maxFileBytes: 100_000, continuation: { ...continuation, finished } },
    { onProgress: ({ done }) => seen.push(done) },
  )
  expect(seen[0]).toBeGreaterThan(203 * 64 * 4)
  expect(written).toEqual(files)
  for (const file of files) {
    expect(await readFile(path.join(part, file))).toEqual(await readFile(path.join(whole, file)))
  }
})

test('a weight that is short of bytes is an error, not a file of rubbish', async () => {
  const g = new GraphBuilder('short')
  g.weight({
    tensors: [{ name: 'weight', type: 'float32', shape: [4] }],
    async *pieces() {
      yield { tensor: 0, bytes: bytesOf(new Float32Array(3)) }
    },
  })
  await expect(writeModelFile(g, { folder, maxFileBytes: 1 << 30 })).rejects.toThrow(/needs 16 bytes and was given 12/)
})

test('an output that other nodes use as well is not copied, only named', async () => {
  const g = new GraphBuilder('named')
  const x = g.input('x', 'float32', [2])
  const doubled = add(g, x, x)
  g.output('doubled', doubled, [2])
  g.output('squared', multiply(g, doubled, doubled), [2])
  expect(g.nodes.map(({ operator }) => operator)).toEqual(['Add', 'Mul'])
  await writeModelFile(g, { folder, maxFileBytes: 1 << 30 })
  const session = await InferenceSession.create(path.join(folder, 'named.onnx'), { intraOpNumThreads: 1 })
  const { doubled: first, squared } = await session.run({ x: new Tensor('float32', Float32Array.of(1, 2), [2]) })
  expect([...(first!.data as Float32Array)]).toEqual([2, 4])
  expect([...(squared!.data as Float32Array)]).toEqual([4, 16])
  await session.release()
})
