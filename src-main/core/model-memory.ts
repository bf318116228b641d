import { freemem } from 'node:os'
import type { Manifest, Precision } from '../../native-models/install/manifest.ts'
import type { OwlConfig } from '../../native-models/mplug-owl2/config.ts'
import { boundOfCaches } from '../inference/conversation-caches.ts'

/** Bytes that a model takes while it answers, on the processor and on a GPU. */
export interface MemoryNeeded {
  cpu: number
  webgpu: number
}

/** The program itself, the runtime, and what is computed with at a time. */
const besideBytes = 400 * 2 ** 20
/** Rows for which the cache of one conversation is counted: it may have more than the bound for itself, up to the context. */
const countedRows = 2048

/**
 * Memory that a model takes while it answers.
 * @param weightBytes of its weights on disk
 */
export function memoryNeeded(weightBytes: number, { decoder }: OwlConfig): MemoryNeeded {
  const { layers, keyHeads, headWidth, context } = decoder
  const cacheValues = 2 * layers * keyHeads * headWidth * Math.min(context, countedRows)
  const cacheBytes = (valueBytes: number) => Math.max(boundOfCaches(decoder), valueBytes * cacheValues)
  return {
    // Scales of blocks are widened to full floats when a model is loaded.
    cpu: Math.round(weightBytes * 1.12 + cacheBytes(4) + besideBytes),
    webgpu: Math.round(weightBytes + cacheBytes(2) + besideBytes),
  }
}

/** Bytes of a weight on a GPU, by how it is stored. */
const weightBytes: Record<Precision, number> = { f32: 4, f16: 2, int8: 1, mixed: 0.5, int4: 0.5 }

/** Bytes of the largest matrix that a device has to hold as one: the word table, or a way into a feed-forward layer. */
export function largestMatrix({ config: { decoder }, precision }: Pick<Manifest, 'config' | 'precision'>): number {
  const { width, ffnWidth, vocabulary, tiedEmbeddings } = decoder
  const words = tiedEmbeddings ? precision.embedding : precision.decoder
  return Math.ceil(
    Math.max(
      vocabulary * width * Math.max(weightBytes[precision.embedding], weightBytes[words]),
      2 * ffnWidth * width * weightBytes[precision.decoder],
    ),
  )
}

/** Memory that programs may still take without driving others out. */
export function availableMemory(): number {
  const { availableMemory } = process as { availableMemory?: () => number }
  return availableMemory?.() ?? freemem()
}
