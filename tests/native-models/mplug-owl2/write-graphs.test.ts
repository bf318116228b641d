import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Checkpoint } from '../../../native-models/checkpoint/checkpoint.ts'
import { openCheckpoint } from '../../../native-models/checkpoint/open-checkpoint.ts'
import { type OwlConfig, readConfig } from '../../../native-models/mplug-owl2/config.ts'
import { plannedBytes, writeGraphs } from '../../../native-models/mplug-owl2/write-graphs.ts'
import type { Progress } from '../../../native-models/progress.ts'

const fixture = path.join(import.meta.dirname, '../../fixtures/reference/tiny-gqa')
const precision = { vision: 'f32', abstractor: 'int8', decoder: 'int4', embedding: 'int8' } as const
const maxFileBytes = 120_000

let folder: string
let checkpoint: Checkpoint
let config: OwlConfig
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'owl-graphs-'))
  config = readConfig(JSON.parse(await readFile(path.join(fixture, 'config.json'), 'utf8')))
  checkpoint = await openCheckpoint(fixture)
})
afterEach(async () => {
  await checkpoint.close()
  await rm(folder, { recursive: true, force: true })
})

test('three graphs are written, with files no larger than asked for', async () => {
  const steps: Progress[] = []
  const onProgress = (step: Progress) => steps.push(step)
  const files = await writeGraphs(checkpoint, config, { folder, precision, maxFileBytes }, { onProgress })
  expect((await readdir(folder)).sort()).toEqual([...files].sort())
  expect(files.filter((file) => file.endsWith('.onnx'))).toEqual([
    'vision-encoder.onnx',
    'visual-abstractor.onnx',
    'modality-adaptive-decoder.onnx',
  ])
  const sizes = await Promise.all(
    files.filter((file) => file.includes('.weights.')).map(async (file) => (await stat(path.join(folder, file))).size),
  )
  expect(Math.max(...sizes)).toBeLessThanOrEqual(maxFileBytes)

  const { done, total } = steps.at(-1)!
  expect(done).toBe(total)
  expect(steps.every((step, index) => index === 0 || step.done >= steps[index - 1]!.done)).toBe(true)
  expect(total).toBe(plannedBytes(config, precision))
})

test('graphs can be written one by one, with the same result', async () => {
  const together = await writeGraphs(checkpoint, config, { folder, precision, maxFileBytes })
  const before = await Promise.all(together.map((file) => readFile(path.join(folder, file))))
  const graphs = ['visionEncoder', 'visualAbstractor', 'decoder'] as const
  const apart: string[] = []
  for (const graph of graphs)
    apart.push(...(await writeGraphs(checkpoint, config, { folder, precision, maxFileBytes, graphs: [graph] })))
  expect(apart).toEqual(together)
  const after = await Promise.all(together.map((file) => readFile(path.join(folder, file))))
  expect(after.every((bytes, index) => bytes.equals(before[index]!))).toBe(true)
})

test('weights are read a bounded number of rows at a time', async () => {
  let largest = 0
  const counting: Checkpoint = {
    ...checkpoint,
    folder: checkpoint.folder,
    weights: checkpoint.weights,
    async read(name, rows) {
      const values = await checkpoint.read(name, rows)
      largest = Math.max(largest, values.length)
      return values
    },
  }
  await writeGraphs(counting, config, { folder, precision, maxFileBytes })
  expect(largest).toBeGreaterThan(0)
  expect(largest).toBeLessThanOrEqual(1 << 20)
})

test('a checkpoint that lacks a weight is refused before anything is written', async () => {
  const weights = new Map(checkpoint.weights)
  weights.delete('model.norm.weight')
  const lacking = { ...checkpoint, folder: checkpoint.folder, weights }
  await expect(writeGraphs(lacking, config, { folder, precision, maxFileBytes })).rejects.toMatchObject({
    code: 'weights-missing',
  })
  expect(await readdir(folder)).toEqual([])
})

test('writing can be stopped', async () => {
  const signal = AbortSignal.abort()
  await expect(writeGraphs(checkpoint, config, { folder, precision, maxFileBytes }, { signal })).rejects.toMatchObject({
    code: 'cancelled',
  })
})
