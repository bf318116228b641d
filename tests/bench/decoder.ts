import { cpus } from 'node:os'
import { join } from 'node:path'
import { buildGraphs } from '../../native-models/mplug-owl2/write-graphs.ts'
import { byteLength } from '../../native-models/onnx/tensor-data.ts'
import { DecoderPeer } from './decoder-peer.ts'
import { type DecoderTask, decoderFolder, shapeOf, shapes } from './decoder-shapes.ts'
import { alternate, type Figure, type Measure } from './measure.ts'
import { llamaCppModule } from './peers.ts'
import { shapesOnly } from './random-model.ts'
import { readBandwidth } from './read-bandwidth.ts'

const alternations = 15
const past = 512
const promptRows = 600
/** Of the prompt of a question beside the picture's rows. */
const textRows = 30

/**
 * Our decoder and llama.cpp's (node-llama-cpp, Q4_0) on the same shape with random weights, the same threads and the
 * same context, each in a process of its own, taking turns. Times are medians; ratios are ours to theirs.
 */
export const decoder: Measure = {
  name: 'decoder',
  async run({ threads: asked }) {
    const threads = asked || cpus().length
    const module = await llamaCppModule()
    const bandwidth = await readBandwidth(threads)
    const figures: Figure[] = [{ name: 'memory read', value: bandwidth / 1e9, unit: 'GB/s' }]
    for (const [name, { title }] of Object.entries(shapes)) {
      const folder = await decoderFolder(name)
      const ours = await DecoderPeer.start('peer-ours.ts', [name, folder, String(threads)])
      const theirs = await DecoderPeer.start('peer-llama-cpp.ts', [
        module,
        join(folder, 'decoder.gguf'),
        String(threads),
      ])
      try {
        const take = (our: DecoderTask, their: DecoderTask) =>
          alternate(alternations, { ours: () => ours.measure(our), theirs: () => theirs.measure(their) })
        const decode: DecoderTask = { type: 'decode', past, steps: 12 }
        const step = await take(decode, decode)
        const share = ((stepBytes(name) / step.ours) * 1000) / bandwidth
        const prompt: DecoderTask = { type: 'read', rows: promptRows, visual: 0 }
        const prefill = await take(prompt, prompt)
        const first = await take(
          { type: 'read', rows: 65 + textRows, visual: 65 },
          { type: 'read', rows: 576 + textRows, visual: 0 },
        )
        const add = (what: string, value: number, unit: string) =>
          figures.push({ name: `${title}: ${what}`, value, unit })
        add(`a token after ${past} rows`, step.ours, 'ms')
        add('  llama.cpp', step.theirs, 'ms')
        add('  ours to theirs', step.ours / step.theirs, 'times')
        add('  share of memory read', share * 100, '%')
        add(`prompt of ${promptRows} rows`, (promptRows * 1000) / prefill.ours, 'rows/s')
        add('  llama.cpp', (promptRows * 1000) / prefill.theirs, 'rows/s')
        add('  ours to theirs', prefill.theirs / prefill.ours, 'times')
        add(`first token, 65 visual and ${textRows} text rows`, first.ours, 'ms')
        add(`  llama.cpp, 576 and ${textRows} rows`, first.theirs, 'ms')
        add('  theirs to ours', first.theirs / first.ours, 'times')
      } finally {
        await ours.stop()
        await theirs.stop()
      }
    }
    return figures
  },
}

/** Bytes that a step after `past` rows reads: the weights of text rows as they lie in memory, and the cache. */
function stepBytes(name: string): number {
  const config = shapeOf(name)
  const { config: whole, precision } = shapes[name]!
  const [graph] = buildGraphs(shapesOnly(whole), whole, { precision, graphs: ['decoder'] })
  const weights = graph!.weights
    .flatMap(({ tensors }) => tensors)
    .filter((tensor) => !tensor.name.includes('visual') && (config.tiedEmbeddings || !tensor.name.includes('embed')))
    // Half floats are widened when a session is made.
    .reduce((sum, tensor) => sum + byteLength(tensor) * (tensor.type === 'float16' ? 2 : 1), 0)
  return weights + 2 * config.layers * config.keyHeads * config.headWidth * past * 4
}
