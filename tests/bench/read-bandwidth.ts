import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { GraphBuilder } from '../../native-models/onnx/graph-builder.ts'
import { writeModelFile } from '../../native-models/onnx/model-file.ts'

const rows = 64
const columns = 2 ** 20

/**
 * How fast this machine reads memory with this many threads, in bytes a second: the best of several passes over 256
 * MiB, much more than its caches hold, by onnxruntime's own vectorised reduction.
 */
export async function readBandwidth(threads: number): Promise<number> {
  const graph = new GraphBuilder('read')
  const x = graph.input('x', 'float32', [rows, columns])
  graph.output('y', graph.node('ReduceMax', [x, graph.int64(1)], 'float32', { keepdims: 0 }), [rows])
  const folder = await mkdtemp(join(tmpdir(), 'owl-read-'))
  try {
    await writeModelFile(graph, { folder, maxFileBytes: 2 ** 30 })
    const session = await InferenceSession.create(join(folder, 'read.onnx'), { intraOpNumThreads: threads })
    const feeds = { x: new Tensor('float32', new Float32Array(rows * columns).fill(1), [rows, columns]) }
    let best = 0
    for (let pass = 0; pass < 12; pass++) {
      const start = performance.now()
      await session.run(feeds)
      best = Math.max(best, (rows * columns * 4 * 1000) / (performance.now() - start))
    }
    return best
  } finally {
    await rm(folder, { recursive: true })
  }
}
