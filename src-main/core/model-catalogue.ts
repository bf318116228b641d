import type { Manifest } from '../../native-models/install/manifest.ts'

/** A checkpoint that can be installed from the hub. */
export interface CatalogueEntry {
  repo: string
  title: string
  description: string
  licence: string
}

/** The published checkpoints of the architecture. */
export const catalogue: readonly CatalogueEntry[] = [
  {
    repo: 'MAGAer13/mplug-owl2-llama2-7b',
    title: 'mPLUG-Owl2 7B',
    description: 'The published model with 8.2 billion weights, for photos and pictures of every kind.',
    licence: 'llama2',
  },
]

/** How finely the weights of a model are kept, from small and fast to exact. */
export const precisionNames = ['int4', 'mixed', 'int8', 'f16'] as const
export type PrecisionName = (typeof precisionNames)[number]

/**
 * What a choice means for each part. Reading the decoder's weights bounds speed, so it decides; the other parts lose
 * nothing that can be seen by 8 bits.
 */
export function precisionOf(name: PrecisionName): Manifest['precision'] {
  const beside = name === 'f16' ? 'f16' : 'int8'
  return { vision: beside, abstractor: beside, decoder: name, embedding: beside }
}

/** Terms that a person has to accept before weights under them are downloaded. */
const termsToAccept: Record<string, { name: string; address: string }> = {
  llama2: { name: 'LLaMA 2 Community License', address: 'https://ai.meta.com/llama/license/' },
}

export interface Terms {
  id: string
  name: string
  address?: string
  mustAccept: boolean
}

/** @param id as the hub names a licence, such as "llama2" or "apache-2.0" */
export function termsOf(id: string | undefined): Terms | undefined {
  if (!id) return undefined
  const terms = termsToAccept[id.toLowerCase()]
  return terms ? { id, ...terms, mustAccept: true } : { id, name: id, mustAccept: false }
}
