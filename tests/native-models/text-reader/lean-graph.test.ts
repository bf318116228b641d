import { InferenceSession, Tensor } from 'onnxruntime-node'
import { expect, test } from 'vitest'
import { leanGraph } from '../../../native-models/text-reader/lean-graph.ts'
import { readReaderFiles } from '../../../native-models/text-reader/reader-files.ts'
import { seededRandom } from '../../../src-main/inference/sampling.ts'

const files = await readReaderFiles()
const graphs = [
  { name: 'detection', model: files.detection, shape: [1, 3, 96, 160] },
  { name: 'recognition', model: files.recognition, shape: [1, 3, 48, 136] },
]

test.each(graphs)('the lean graph of $name computes the same', async ({ model, shape }) => {
  const random = seededRandom(7)
  const x = new Tensor(
    'float32',
    Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => random() * 2 - 1),
    shape,
  )
  const run = async (graph: Uint8Array) => {
    const session = await InferenceSession.create(graph, { logSeverityLevel: 3 })
    return (await session.run({ [session.inputNames[0]!]: x }))[session.outputNames[0]!]!
  }
  const published = await run(model)
  const lean = await run(leanGraph(model))
  expect(lean.dims).toEqual(published.dims)
  const far = (lean.data as Float32Array).reduce(
    (most, value, at) => Math.max(most, Math.abs(value - (published.data[at] as number))),
    0,
  )
  expect(far).toBeLessThan(1e-5)
})
