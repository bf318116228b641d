import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installModel } from '../../native-models/install/install-model.ts'
import { readManifest } from '../../native-models/install/installed-models.ts'
import { plannedBytes } from '../../native-models/mplug-owl2/write-graphs.ts'
import type { JobOptions } from '../../native-models/progress.ts'
import { compareValues } from '../../native-models/quantization/error-metrics.ts'
import { OwlPipeline } from '../inference/pipeline.ts'
import type { Execution } from '../inference/providers.ts'
import { onProcessor } from '../inference/session.ts'

/** How near a model's logits are to those of its checkpoint in full precision. */
export interface Agreement {
  positions: number
  /** Mean over the positions; 1 is equal. */
  cosine: number
  /** Positions at which both hold the same token for the most probable. */
  sameBest: number
}

const full = { vision: 'f32', abstractor: 'f32', decoder: 'f32', embedding: 'f32' } as const
/** Of the graphs in full precision; larger models would take minutes and all the memory. */
const largestFull = 2 ** 31

/**
 * Compares an installed model with its checkpoint in full precision, which is converted for it into a folder of its
 * own. Sessions run in this process: for the terminal, not for the app.
 * @returns undefined where the checkpoint is not at hand, or the model is not a small one
 */
export async function modelAgreement(folder: string, job: JobOptions = {}): Promise<Agreement | undefined> {
  const { source, config } = await readManifest(folder)
  if (source.kind !== 'folder' || plannedBytes(config, full) > largestFull) return undefined
  if (!(await stat(join(source.location, 'config.json')).catch(() => undefined))) return undefined
  const modelsFolder = await mkdtemp(join(tmpdir(), 'owl-agreement-'))
  try {
    await installModel({ checkpointFolder: source.location, modelsFolder, name: 'full', precision: full }, job)
    const expected = await sampleLogits(join(modelsFolder, 'full'))
    return agreementOf(await sampleLogits(folder), expected)
  } finally {
    await rm(modelsFolder, { recursive: true, force: true })
  }
}

export function agreementOf(actual: readonly Float32Array[], expected: readonly Float32Array[]): Agreement {
  const best = (logits: Float32Array) => logits.indexOf(Math.max(...logits))
  return {
    positions: expected.length,
    cosine: expected.reduce((sum, logits, i) => sum + compareValues(actual[i]!, logits).cosine, 0) / expected.length,
    sameBest: expected.filter((logits, i) => best(logits) === best(actual[i]!)).length,
  }
}

/** Logits after each of a fixed row of tokens, of which the later ones follow the rows of a fixed picture. */
export async function sampleLogits(
  folder: string,
  { count = 32, on = onProcessor(0) }: { count?: number; on?: Execution } = {},
): Promise<Float32Array[]> {
  const pipeline = await OwlPipeline.load({ folder, ...on })
  const { picture, config } = pipeline.manifest
  const random = randomNumbers()
  const pixels = new Float32Array(3 * picture.size ** 2).map(() => 4 * random() - 2)
  const visual = await pipeline.pictures.encodePixels(pixels)
  const token = () => Math.floor(random() * config.decoder.vocabulary)
  const rows: number[] = []
  const cache = pipeline.decoder.newCache()
  const logits: Float32Array[] = []
  for (let position = 0; position < count; position++) {
    if (position === count >> 1) rows.push(...new Array<number>(pipeline.pictureRows).fill(-1))
    rows.push(token())
    const start = rows.indexOf(-1)
    const pictures = start < 0 ? [] : [{ picture: { hash: '', name: '', source: { path: '' } }, start }]
    const sequence = { rows, pictures, visualRows: pictures.length * pipeline.pictureRows }
    logits.push((await pipeline.prefill(sequence, cache, [visual])).slice())
  }
  return logits
}

/** The same numbers between 0 and 1 each time (a multiplicative generator modulo a Mersenne prime). */
function randomNumbers(): () => number {
  let state = 20_240_229
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}
