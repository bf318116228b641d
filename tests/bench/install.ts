import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readManifest } from '../../native-models/install/installed-models.ts'
import { greedy } from '../../src-main/inference/protocol.ts'
import { type CheckpointFormat, writeFullShape } from './full-shape-checkpoint.ts'
import { ggufPeer } from './gguf-peer.ts'
import { benchPicture, type Figure, type Measure, newClient, projectFolder, userTurn } from './measure.ts'
import { peakMemory } from './peak-memory.ts'

const gibibyte = 2 ** 30
const fullLayers = 32
/** Layers that the peer converts, which are scaled to all: it takes long, and each layer is like the others. */
const peerLayers = 1

/**
 * Installing the 8.2-billion model in its full shape, by the built command, and asking it: OWL_BENCH_LAYERS layers of
 * the decoder (32 when left out), OWL_BENCH_FORMAT `torch` or `safetensors`, OWL_BENCH_DIR for some 25 GB of files,
 * which are removed at the end.
 */
export const install: Measure = {
  name: 'install',
  async run({ threads }) {
    const layers = Number(process.env.OWL_BENCH_LAYERS ?? fullLayers)
    const format = (process.env.OWL_BENCH_FORMAT ?? 'torch') as CheckpointFormat
    const root = process.env.OWL_BENCH_DIR ?? tmpdir()
    await mkdir(root, { recursive: true })
    const folder = await mkdtemp(join(root, 'owl-install-'))
    try {
      const checkpoint = join(folder, 'checkpoint')
      const { weights, bytes } = await writeFullShape(checkpoint, { layers, format })
      const figures: Figure[] = [
        { name: 'layers of the decoder', value: layers, unit: `of ${fullLayers}` },
        { name: 'weights', value: weights / 1e9, unit: '1e9' },
        { name: `checkpoint (${format})`, value: bytes / 1e9, unit: 'GB' },
      ]
      const installed = await installOnce(folder, checkpoint)
      figures.push(
        { name: 'install', value: installed.seconds, unit: 's' },
        { name: 'install, peak memory', value: installed.peakBytes / gibibyte, unit: 'GiB' },
        { name: 'installed model', value: installed.bytes / 1e9, unit: 'GB' },
      )
      await rm(checkpoint, { recursive: true })
      figures.push(...(await ask(join(folder, 'models/full-shape'), threads)))
      await rm(join(folder, 'models'), { recursive: true })
      const peer = await ggufPeer(folder, peerLayers)
      if (peer) {
        const perByte = (1e9 * installed.seconds) / bytes
        figures.push(
          { name: `gguf package, Q4_0, ${peerLayers} layer`, value: peer.seconds, unit: 's' },
          { name: 'gguf package, all layers (scaled)', value: peer.secondsPerGigabyte * (bytes / 1e9), unit: 's' },
          { name: 'gguf package, peak memory', value: peer.peakBytes / gibibyte, unit: 'GiB' },
          { name: 'install, share of the peer (by bytes)', value: perByte / peer.secondsPerGigabyte, unit: 'x' },
        )
      }
      return figures
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
}

async function installOnce(data: string, checkpoint: string) {
  const command = join(projectFolder, 'out/main/cli.js')
  if (!existsSync(command)) throw new Error('out/ is missing: run `npm run build` first.')
  const start = performance.now()
  const child = spawn(process.execPath, [command, 'models', 'add', checkpoint, '--name', 'full-shape'], {
    env: { ...process.env, OWL_DATA_DIR: data },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const peakBytes = await peakMemory(child)
  if (child.exitCode !== 0) throw new Error(`The installation ended with ${child.exitCode}.`)
  const seconds = (performance.now() - start) / 1000
  const { files } = await readManifest(join(data, 'models/full-shape'))
  return { seconds, peakBytes, bytes: files.reduce((sum, file) => sum + file.bytes, 0) }
}

/** Loads the model twice, the second time from memory, and asks it about a picture. */
async function ask(folder: string, threads: number): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const how of ['first', 'warm']) {
    // One picture through the vision encoder has to fit, on a busy machine too.
    const client = newClient(600_000)
    try {
      const { loadMs } = await client.load({ folder, device: 'cpu', threads })
      figures.push({ name: `load, ${how}`, value: loadMs / 1000, unit: 's' })
      if (how === 'first') continue
      figures.push({ name: 'loaded, memory', value: (await client.residentBytes()) / gibibyte, unit: 'GiB' })
      const messages = [userTurn('What is in the picture?', benchPicture('landscape'))]
      const { stats } = await client.generate({ messages, sampling: { ...greedy, maxTokens: 32 } })
      figures.push(
        { name: 'picture question, first token', value: stats.firstTokenMs / 1000, unit: 's' },
        { name: 'answer', value: stats.tokensPerSecond, unit: 'tokens/s' },
        { name: 'answered, memory', value: (await client.residentBytes()) / gibibyte, unit: 'GiB' },
      )
    } finally {
      await client.close()
    }
  }
  return figures
}
