import type { GraphBuilder, Value } from '../onnx/graph-builder.ts'
import {
  add,
  concat,
  expand,
  layerNorm,
  matmul,
  patchConvolution,
  reshape,
  shape,
  sigmoidGate,
  softmax,
  split,
  transpose,
} from '../onnx/operators.ts'
import { visionKeys } from './checkpoint-keys.ts'
import type { OwlConfig } from './config.ts'
import type { GraphWeights } from './graph-weights.ts'

/**
 * The vision encoder (ViT-L/14 in the paper, section 3.1): pictures to one row for the class token and one for
 * each patch. `pixel_values` [P, 3, size, size] -> `image_rows` [P, 1 + G, d].
 * Taps: `vision.embeddings`, `vision.layer.i` [P, 1 + G, d].
 */
export function buildVisionEncoder(weights: GraphWeights, config: OwlConfig, taps = false): GraphBuilder {
  const { width, layers, heads, patchSize, imageSize, eps } = config.vision
  const headWidth = width / heads
  const rows = 1 + (imageSize / patchSize) ** 2
  const g = weights.graph
  const norm = (x: Value<'float32'>, keys: { weight: string; bias: string }) =>
    layerNorm(g, x, weights.tensor(keys.weight), weights.tensor(keys.bias), eps)
  const inPictures = (x: Value<'float32'>) => reshape(g, x, [-1, rows, width])
  const tap = (name: string, x: Value<'float32'>) => {
    if (taps) g.output(name, inPictures(x), ['pictures', rows, width])
  }

  const pixels = g.input('pixel_values', 'float32', ['pictures', 3, imageSize, imageSize])
  // Rows of all pictures stand below each other, so that every linear layer is one plain matrix product.
  let x = g.within('embeddings', () => {
    const patches = patchConvolution(g, pixels, weights.tensor(visionKeys.patchEmbedding), patchSize)
    const patchRows = transpose(g, reshape(g, patches, [0, width, rows - 1]), [0, 2, 1])
    const pictures = concat(g, [shape(g, pixels, { end: 1 }), g.int64(1, 1)], 0)
    const classRows = expand(g, weights.tensor(visionKeys.classToken), pictures)
    const placed = add(g, concat(g, [classRows, patchRows], 1), weights.tensor(visionKeys.positions))
    return norm(reshape(g, placed, [-1, width]), visionKeys.firstNorm)
  })
  tap('vision.embeddings', x)

  for (let index = 0; index < layers; index++) {
    const keys = visionKeys.layer(index)
    g.within(`layer.${index}`, () => {
      // The checkpoint interleaves query, key and value head by head; here all queries come first, then all keys.
      const parts = (weight: string) =>
        [0, 1, 2].flatMap((part) =>
          Array.from({ length: heads }, (_, head) => {
            const start = (head * 3 + part) * headWidth
            return { weight, start, end: start + headWidth }
          }),
        )
      const { queryKeyValue } = keys
      const qkv = weights.project(
        norm(x, keys.attentionNorm),
        queryKeyValue.weight,
        parts(queryKeyValue.weight),
        'sensitive',
        weights.rows(queryKeyValue.bias, parts(queryKeyValue.bias), [3 * width]),
      )
      const byHead = transpose(g, reshape(g, qkv, [-1, rows, 3 * heads, headWidth]), [0, 2, 1, 3])
      const [q, k, v] = split(g, byHead, [heads, heads, heads], 1)
      const attention = softmax(g, matmul(g, q!, k!, { transposed: true, alpha: headWidth ** -0.5 }))
      const attended = reshape(g, transpose(g, matmul(g, attention, v!), [0, 2, 1, 3]), [-1, width])
      x = add(g, x, weights.linear(attended, keys.attentionOutput, 'robust'))
      const inner = sigmoidGate(g, weights.linear(norm(x, keys.ffnNorm), keys.ffnUp, 'robust'), 1.702)
      x = add(g, x, weights.linear(inner, keys.ffnDown, 'sensitive'))
    })
    tap(`vision.layer.${index}`, x)
  }
  g.output('image_rows', inPictures(norm(x, visionKeys.lastNorm)), ['pictures', rows, width])
  return g
}
