import type { OwlConfig } from '../../native-models/mplug-owl2/config.ts'

/** Of a large model a chunk has to end soon, so that a request can be stopped; the weights are worth reading for it. */
const fewest = 64
/** More rows gain nothing, and their attention scores take memory. */
const most = 128
/** Products of one chunk: those of 64 rows with LLaMA-2-7B's 6.5 billion weights, some seconds on two cores. */
const products = 64 * 6.5e9

/** Weights of a decoder's matrices that one row is multiplied with, without the output layer. */
export function matrixWeights({ layers, width, heads, keyHeads, headWidth, ffnWidth }: OwlConfig['decoder']): number {
  const attention = 2 * width * headWidth * (heads + keyHeads)
  return layers * (attention + 3 * width * ffnWidth)
}

/** Rows of one prefill chunk of a decoder of this shape: the larger the model, the fewer. */
export function chunkRowsOf(config: OwlConfig['decoder']): number {
  return Math.min(most, Math.max(fewest, Math.floor(products / matrixWeights(config))))
}
