import { existsSync } from 'node:fs'
import { mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { Manifest } from '../../native-models/install/manifest.ts'
import { type OwlConfig, readConfig } from '../../native-models/mplug-owl2/config.ts'
import { buildGraphs } from '../../native-models/mplug-owl2/write-graphs.ts'
import { writeRandomGguf } from './gguf.ts'
import { peersFolder } from './peers.ts'
import { shapesOnly, writeRandomGraph } from './random-model.ts'

/** What a peer is asked to do; it answers with milliseconds. */
export type DecoderTask =
  /** Rows of a prompt, the first of them visual, until the first token is known. */
  | { type: 'read'; rows: number; visual: number }
  /** One token after another on top of a conversation: the time of one. */
  | { type: 'decode'; past: number; steps: number }

const published = readConfig({ visual_config: {} })

export const shapes: Record<string, { title: string; config: OwlConfig; precision: Manifest['precision'] }> = {
  'owl-mini': {
    title: 'Owl Mini, whole',
    config: {
      ...published,
      decoder: {
        width: 576,
        layers: 30,
        heads: 9,
        keyHeads: 3,
        headWidth: 64,
        ffnWidth: 1536,
        vocabulary: 49152,
        eps: 1e-5,
        ropeTheta: 100000,
        context: 2048,
        tiedEmbeddings: true,
      },
    },
    precision: { vision: 'int8', abstractor: 'int8', decoder: 'mixed', embedding: 'int8' },
  },
  'llama-2-7b': {
    title: '4 of 32 layers of LLaMA-2-7B',
    config: { ...published, decoder: { ...published.decoder, layers: 4 } },
    precision: { vision: 'int8', abstractor: 'int8', decoder: 'int4', embedding: 'int8' },
  },
}

export function shapeOf(name: string): OwlConfig['decoder'] {
  return shapes[name]!.config.decoder
}

/**
 * A folder with a decoder of this shape, random weights, as our graph and, `withPeer`, as `decoder.gguf`; written once.
 */
export async function decoderFolder(name: string, { withPeer = true } = {}): Promise<string> {
  // A change of the graph's operators calls for another number.
  const folder = join(peersFolder, 'models', `${name}-3${withPeer ? '' : '-ours'}`)
  if (existsSync(folder)) return folder
  const { config, precision } = shapes[name]!
  const partial = `${folder}.partial`
  await mkdir(partial, { recursive: true })
  const [graph] = buildGraphs(shapesOnly(config), config, { precision, graphs: ['decoder'] })
  await writeRandomGraph(graph!, partial)
  if (withPeer) await writeRandomGguf(join(partial, 'decoder.gguf'), config.decoder)
  await rename(partial, folder)
  return folder
}
