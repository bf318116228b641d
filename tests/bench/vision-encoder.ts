import { existsSync } from 'node:fs'
import { mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { Tensor } from 'onnxruntime-node'
import { graphFiles } from '../../native-models/install/manifest.ts'
import { readConfig } from '../../native-models/mplug-owl2/config.ts'
import { buildGraphs } from '../../native-models/mplug-owl2/write-graphs.ts'
import { onProcessor, openSession } from '../../src-main/inference/session.ts'
import { type Figure, type Measure, median } from './measure.ts'
import { peersFolder } from './peers.ts'
import { shapesOnly, writeRandomGraph } from './random-model.ts'

const repetitions = 5

/** A folder with ViT-L/14 at 448 pixels, random weights; written once. */
export async function visionEncoderFolder(precision: 'int8' | 'f32'): Promise<string> {
  const config = readConfig({ visual_config: {} })
  const folder = join(peersFolder, 'models', `vit-l-448-${precision}`)
  if (!existsSync(folder)) {
    await mkdir(`${folder}.partial`, { recursive: true })
    const all = { vision: precision, abstractor: precision, decoder: precision, embedding: precision }
    const [graph] = buildGraphs(shapesOnly(config), config, { precision: all, graphs: ['visionEncoder'] })
    await writeRandomGraph(graph!, `${folder}.partial`)
    await rename(`${folder}.partial`, folder)
  }
  return folder
}

/** ViT-L/14 at 448 pixels, the published model's eye, with random weights: one picture. */
export const visionEncoder: Measure = {
  name: 'vision-encoder',
  async run({ threads }) {
    const config = readConfig({ visual_config: {} })
    const size = config.vision.imageSize
    const pixels = new Tensor('float32', new Float32Array(3 * size * size), [1, 3, size, size])
    const figures: Figure[] = []
    for (const precision of ['int8', 'f32'] as const) {
      const folder = await visionEncoderFolder(precision)
      const session = await openSession(join(folder, graphFiles.visionEncoder), onProcessor(threads))
      const times: number[] = []
      for (let repetition = 0; repetition <= repetitions; repetition++) {
        const start = performance.now()
        await session.run({ pixel_values: pixels })
        if (repetition > 0) times.push(performance.now() - start)
      }
      await session.release()
      figures.push({ name: `ViT-L/14 at 448 px, ${precision}`, value: median(times), unit: 'ms' })
    }
    return figures
  },
}
