import {
  add,
  layerNorm,
  matmul,
  multiHeadAttention,
  multiply,
  type Real,
  sigmoidGate,
  softmax,
  toType,
} from '../onnx/device-operators.ts'
import { GraphBuilder } from '../onnx/graph-builder.ts'
import { concat, reshape, split, transpose } from '../onnx/operators.ts'
import { visionKeys } from './checkpoint-keys.ts'
import type { OwlConfig } from './config.ts'
import type { DeviceGraphParts } from './device-graphs.ts'
import { DeviceWeights } from './device-weights.ts'

/**
 * The vision encoder for a GPU, over the weights of the one in `vision-encoder.ts`, for one picture: attention is one
 * operator where that is right on the device, and patches are cut out by moving pixels, so that their embedding is a plain matrix product.
 * `pixel_values` [1, 3, size, size] -> `image_rows` [1, 1 + G, d], both float32. Taps as there.
 */
export function buildDeviceVisionEncoder({ installed, config, numbers, longAttention, taps }: DeviceGraphParts): {
  graph: GraphBuilder
  weights: DeviceWeights
} {
  const { width, ffnWidth, layers, heads, patchSize, imageSize, eps }: OwlConfig['vision'] = config.vision
  const headWidth = width / heads
  const side = imageSize / patchSize
  const rows = 1 + side ** 2
  const g = new GraphBuilder('vision-encoder')
  const weights = new DeviceWeights(g, installed, numbers)
  const norm = (x: Real, keys: { weight: string; bias: string }) =>
    layerNorm(g, x, weights.tensor(keys.weight), weights.tensor(keys.bias), eps)
  const output = (name: string, x: Real) =>
    g.output(name, toType(g, reshape(g, x, [1, rows, width]), 'float32'), [1, rows, width])

  const pixels = toType(g, g.input('pixel_values', 'float32', [1, 3, imageSize, imageSize]), numbers)
  const cut = transpose(g, reshape(g, pixels, [3, side, patchSize, side, patchSize]), [1, 3, 0, 2, 4])
  const patchValues = 3 * patchSize ** 2
  const patches = weights.multiply(reshape(g, cut, [side ** 2, patchValues]), {
    kind: 'dense',
    name: visionKeys.patchEmbedding,
    values: weights.tensor(visionKeys.patchEmbedding, [width, patchValues]),
  })
  const all = concat(g, [weights.tensor(visionKeys.classToken, [1, width]), patches], 0)
  let x = norm(add(g, all, weights.tensor(visionKeys.positions, [rows, width])), visionKeys.firstNorm)
  if (taps) output('vision.embeddings', x)

  /** @param qkv [rows, 3 d]: queries, keys, values */
  const attend = (qkv: Real) => {
    const [q, k, v] = split(g, reshape(g, qkv, [1, rows, 3 * width]), [width, width, width], 2)
    return reshape(g, multiHeadAttention(g, q!, k!, v!, heads), [rows, width])
  }
  /** The same in single operators. */
  const attendStepwise = (qkv: Real) => {
    const [q, k, v] = split(g, qkv, [width, width, width], 1)
    const byHead = (part: Real, order: readonly number[]) =>
      transpose(g, reshape(g, part, [rows, heads, headWidth]), order)
    const scaled = multiply(g, q!, toType(g, g.float32(headWidth ** -0.5), numbers))
    const attention = softmax(g, matmul(g, byHead(scaled, [1, 0, 2]), byHead(k!, [1, 2, 0])))
    return reshape(g, transpose(g, matmul(g, attention, byHead(v!, [1, 0, 2])), [1, 0, 2]), [rows, width])
  }

  for (let index = 0; index < layers; index++) {
    const keys = visionKeys.layer(index)
    g.within(`layer.${index}`, () => {
      const qkv = weights.linear(norm(x, keys.attentionNorm), keys.queryKeyValue, width)
      const attended = longAttention ? attend(qkv) : attendStepwise(qkv)
      x = add(g, x, weights.linear(attended, keys.attentionOutput, width))
      const inner = sigmoidGate(g, weights.linear(norm(x, keys.ffnNorm), keys.ffnUp, width), 1.702)
      x = add(g, x, weights.linear(inner, keys.ffnDown, ffnWidth))
    })
    if (taps) output(`vision.layer.${index}`, x)
  }
  output('image_rows', norm(x, visionKeys.lastNorm))
  return { graph: g, weights }
}
