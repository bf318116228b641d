import { cpus } from 'node:os'
import { join } from 'node:path'
import { Tensor } from 'onnxruntime-node'
import { graphFiles } from '../../native-models/install/manifest.ts'
import { readConfig } from '../../native-models/mplug-owl2/config.ts'
import type { NumberType } from '../../native-models/onnx/device-operators.ts'
import { probeDevice } from '../../src-main/inference/device-probe.ts'
import { OwlPipeline } from '../../src-main/inference/pipeline.ts'
import { onProcessor, openDeviceSession, openSession } from '../../src-main/inference/session.ts'
import { DecoderPeer } from './decoder-peer.ts'
import { type DecoderTask, decoderFolder, shapes } from './decoder-shapes.ts'
import { alternate, type BenchContext, type Figure, type Measure } from './measure.ts'
import { visionEncoderFolder } from './vision-encoder.ts'

const alternations = 5
const past = 512
const promptRows = 600
const visualRows = 65
const textRows = 30
const kinds: readonly NumberType[] = ['float16', 'float32']

/**
 * Everything on the GPU through WebGPU beside the processor of the same machine, taking turns: both decoder shapes of
 * `decoder`, the eyes of Owl Mini and the published vision encoder. Times are medians.
 */
export const gpu: Measure = {
  name: 'gpu',
  async run(context) {
    try {
      await probeDevice('webgpu', 'float32')
    } catch (error) {
      console.log(`Skipped: no GPU that WebGPU can use here (${(error as Error).message}).`)
      return []
    }
    const figures: Figure[] = []
    const take = async (what: () => Promise<Figure[]>) => {
      const found = await what()
      for (const { name, value, unit } of found) console.log(`${name}: ${value.toPrecision(4)} ${unit}`)
      figures.push(...found)
    }
    await take(() => eyesOf(context))
    for (const name of Object.keys(shapes)) await take(() => decoderOf(name, context.threads || cpus().length))
    await take(publishedEncoder)
    return figures
  },
}

/** The processor's figure, and each GPU figure with how many times as fast it is. */
function compared(title: string, times: Record<'cpu' | NumberType, number>): Figure[] {
  return [
    { name: `${title}, processor`, value: times.cpu, unit: 'ms' },
    ...kinds.flatMap((numbers) => [
      { name: `${title}, GPU ${numbers}`, value: times[numbers], unit: 'ms' },
      { name: '  times as fast', value: times.cpu / times[numbers], unit: 'times' },
    ]),
  ]
}

/** Owl Mini's vision encoder and abstractor, on one picture. */
async function eyesOf({ modelFolder, threads }: BenchContext): Promise<Figure[]> {
  const open = (numbers?: NumberType) =>
    OwlPipeline.load({ folder: modelFolder, device: numbers ? 'webgpu' : 'cpu', numbers, longAttention: true, threads })
  const pipelines = { cpu: await open(), float16: await open('float16'), float32: await open('float32') }
  const { size } = pipelines.cpu.manifest.picture
  const pixels = Float32Array.from({ length: 3 * size * size }, (_, i) => Math.sin(i))
  const encode = (pipeline: OwlPipeline) => () => timed(() => pipeline.pictures.encodePixels(pixels))
  const { cpu, float16, float32 } = pipelines
  return compared(
    'Owl Mini, one picture to its rows',
    await alternate(alternations, { cpu: encode(cpu), float16: encode(float16), float32: encode(float32) }),
  )
}

async function decoderOf(name: string, threads: number): Promise<Figure[]> {
  const folder = await decoderFolder(name, { withPeer: false })
  const start = (...numbers: NumberType[]) =>
    DecoderPeer.start('peer-ours.ts', [name, folder, String(threads), ...numbers])
  const peers = { cpu: await start(), float16: await start('float16'), float32: await start('float32') }
  const measure = (task: DecoderTask) =>
    alternate(alternations, {
      cpu: () => peers.cpu.measure(task),
      float16: () => peers.float16.measure(task),
      float32: () => peers.float32.measure(task),
    })
  try {
    const { title } = shapes[name]!
    const rows = visualRows + textRows
    return [
      ...compared(`${title}, a token after ${past} rows`, await measure({ type: 'decode', past, steps: 12 })),
      ...compared(
        `${title}, prompt of ${promptRows} rows`,
        await measure({ type: 'read', rows: promptRows, visual: 0 }),
      ),
      ...compared(
        `${title}, prompt of ${rows} rows, ${visualRows} visual`,
        await measure({ type: 'read', rows, visual: visualRows }),
      ),
    ]
  } finally {
    for (const peer of Object.values(peers)) await peer.stop()
  }
}

/** ViT-L/14 at 448 pixels with random 8-bit weights. */
async function publishedEncoder(): Promise<Figure[]> {
  const config = readConfig({ visual_config: {} })
  const { imageSize } = config.vision
  const folder = await visionEncoderFolder('int8')
  const pixels = new Tensor('float32', new Float32Array(3 * imageSize ** 2), [1, 3, imageSize, imageSize])
  const onGpu = (numbers: NumberType) =>
    openDeviceSession(folder, 'visionEncoder', { device: 'webgpu', numbers, longAttention: true, threads: 0 }, config)
  const cpu = await openSession(join(folder, graphFiles.visionEncoder), onProcessor(0))
  const float16 = await onGpu('float16')
  const float32 = await onGpu('float32')
  const run = (session: typeof cpu) => () => timed(() => session.run({ pixel_values: pixels }))
  return compared(
    'ViT-L/14 at 448 px',
    await alternate(alternations, { cpu: run(cpu), float16: run(float16), float32: run(float32) }),
  )
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await run()
  return performance.now() - start
}
