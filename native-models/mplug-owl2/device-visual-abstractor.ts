import { add, layerNorm, matmul, multiply, type Real, sigmoidGate, softmax, toType } from '../onnx/device-operators.ts'
import { GraphBuilder } from '../onnx/graph-builder.ts'
import { concat, reshape, transpose } from '../onnx/operators.ts'
import { abstractorKeys } from './checkpoint-keys.ts'
import type { DeviceGraphParts } from './device-graphs.ts'
import { DeviceWeights } from './device-weights.ts'
import { gridPositions, linePositions } from './sine-positions.ts'

/** As in `visual-abstractor.ts`. */
const normEps = 1e-5

/**
 * The visual abstractor for a GPU, over the weights of the one in `visual-abstractor.ts`, for one picture:
 * `image_rows` [1, 1 + G, d] -> `visual_rows` [1, K + 1, D], both float32. Outputs for looking inside as there.
 */
export function buildDeviceVisualAbstractor({ installed, config, numbers, taps }: DeviceGraphParts): {
  graph: GraphBuilder
  weights: DeviceWeights
} {
  const { width, ffnWidth, layers, heads, queries, gridSize, eps } = config.abstractor
  const headWidth = width / heads
  const imageRows = 1 + gridSize ** 2
  const kvRows = queries + imageRows
  const decoderWidth = config.decoder.width
  const g = new GraphBuilder('visual-abstractor')
  const weights = new DeviceWeights(g, installed, numbers)
  const norm = (x: Real, keys: { weight: string; bias: string }, normsEps = normEps) =>
    layerNorm(g, x, weights.tensor(keys.weight), weights.tensor(keys.bias), normsEps)
  const positions = (key: string, shape: [number, number], computed: () => Float32Array): Real =>
    weights.has(key) ? weights.tensor(key) : toType(g, g.constant('float32', shape, computed()), numbers)
  const scale = toType(g, g.float32(headWidth ** -0.5), numbers)

  const imageWidth = config.vision.width
  const input = toType(g, g.input('image_rows', 'float32', [1, imageRows, imageWidth]), numbers)
  const image = reshape(g, input, [imageRows, imageWidth])
  let x = weights.tensor(abstractorKeys.queries, [queries, width])

  for (let index = 0; index < layers; index++) {
    const keys = abstractorKeys.layer(index)
    g.within(`layer.${index}`, () => {
      const byHead = (rows: Real, count: number, order: readonly number[]) =>
        transpose(g, reshape(g, rows, [count, heads, headWidth]), order)
      const queryPositions = positions(keys.queryPositions, [queries, width], () => linePositions(queries, width))
      const imagePositions = positions(keys.imagePositions, [imageRows, width], () => gridPositions(gridSize, width))
      const q = norm(x, keys.queryNorm)
      const kv = concat(g, [q, norm(image, keys.imageNorm)], 0)
      const placed = add(g, kv, concat(g, [queryPositions, imagePositions], 0))
      const query = multiply(g, weights.linear(add(g, q, queryPositions), keys.query, width), scale)
      const key = byHead(weights.linear(placed, keys.key, imageWidth), kvRows, [1, 2, 0])
      const value = byHead(weights.linear(kv, keys.value, imageWidth), kvRows, [1, 0, 2])
      const attention = softmax(g, matmul(g, byHead(query, queries, [1, 0, 2]), key))
      const shown = toType(g, reshape(g, attention, [1, heads, queries, kvRows]), 'float32')
      g.output(`abstractor.attention.${index}`, shown, [1, heads, queries, kvRows])
      const attended = reshape(g, transpose(g, matmul(g, attention, value), [1, 0, 2]), [queries, width])
      // The residual comes from the normed queries, not from the queries themselves.
      const h = add(g, q, weights.linear(attended, keys.attentionOutput, width))
      const normed = norm(h, keys.ffnNorm)
      const gate = sigmoidGate(g, weights.linear(normed, keys.gate, width), 1)
      const gated = multiply(g, gate, weights.linear(normed, keys.up, width))
      x = add(g, h, weights.linear(norm(gated, keys.ffnInnerNorm, eps), keys.down, ffnWidth))
    })
    if (taps) {
      const shown = toType(g, reshape(g, x, [1, queries, width]), 'float32')
      g.output(`abstractor.layer.${index}`, shown, [1, queries, width])
    }
  }

  const rows = weights.linear(x, abstractorKeys.toDecoder, width)
  const all = concat(g, [rows, weights.tensor(abstractorKeys.endVector, [1, decoderWidth])], 0)
  const shape = [1, queries + 1, decoderWidth]
  g.output('visual_rows', toType(g, reshape(g, all, shape), 'float32'), shape)
  return { graph: g, weights }
}
