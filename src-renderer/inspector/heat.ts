import type { Attention } from '../../src-main/ipc/contract.ts'

type PictureAttention = Attention['pictures'][number]

/** Which layer is shown: its index, or the mean of all. */
export type LayerChoice = number | 'mean'

/** Attention to each patch in one layer or on average, row by row. */
export function patchAttention({ heat }: Pick<PictureAttention, 'heat'>, layer: LayerChoice): number[] {
  if (layer !== 'mean') return heat[layer] ?? []
  const first = heat[0] ?? []
  return first.map((_, patch) => heat.reduce((sum, values) => sum + values[patch]!, 0) / heat.length)
}

/** The part of all attention to a picture that went to it, of one layer or on average; 0 to 1. */
export function visualShare({ layers }: Pick<Attention, 'layers'>, layer: LayerChoice): number {
  if (layer !== 'mean') return layers[layer]?.visual ?? 0
  return layers.reduce((sum, { visual }) => sum + visual, 0) / Math.max(1, layers.length)
}

/** Where on a square of side 1 the picture lies in what the model saw: the whole of it, or the middle of a padded one. */
export function placeOnSquare(fit: PictureAttention['fit'], width: number, height: number) {
  if (fit !== 'pad') return { x: 0, y: 0, width: 1, height: 1 }
  const side = Math.max(width, height)
  return {
    x: (side - width) / 2 / side,
    y: (side - height) / 2 / side,
    width: width / side,
    height: height / side,
  }
}

/**
 * A picture of the patches, side by side pixels: from clear over amber to red, the strongest patch opaque.
 * Square roots, as one patch often has more than all others together.
 */
export function heatPixels(values: readonly number[]): Uint8ClampedArray<ArrayBuffer> {
  const highest = Math.max(...values, Number.MIN_VALUE)
  const pixels = new Uint8ClampedArray(4 * values.length)
  for (const [patch, value] of values.entries()) {
    const strength = Math.sqrt(value / highest)
    pixels.set([255, 190 - 150 * strength, 40 - 20 * strength, 225 * strength], 4 * patch)
  }
  return pixels
}
