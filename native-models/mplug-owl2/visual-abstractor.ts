import type { GraphBuilder, Value } from '../onnx/graph-builder.ts'
import {
  add,
  concat,
  expand,
  layerNorm,
  matmul,
  multiply,
  reshape,
  shape,
  sigmoidGate,
  softmax,
  transpose,
} from '../onnx/operators.ts'
import { abstractorKeys } from './checkpoint-keys.ts'
import type { OwlConfig } from './config.ts'
import type { GraphWeights, Role } from './graph-weights.ts'
import { gridPositions, linePositions } from './sine-positions.ts'

type Float = Value<'float32'>
/** PyTorch's default: the published code gives these norms no eps of the config. */
const normEps = 1e-5

/**
 * The visual abstractor (paper, section 3.1): learnable queries gather what the picture holds and are brought to the
 * decoder's width. `image_rows` [P, 1 + G, d] -> `visual_rows` [P, K + 1, D], the end vector last.
 * `abstractor.attention.i` [P, heads, K, K + 1 + G] (the queries' own rows first) is asked for only to show where a
 * query looked. Taps: `abstractor.layer.i` [P, K, d].
 */
export function buildVisualAbstractor(weights: GraphWeights, config: OwlConfig, taps = false): GraphBuilder {
  const { width, layers, heads, queries, gridSize, eps } = config.abstractor
  const headWidth = width / heads
  const imageRows = 1 + gridSize ** 2
  const decoderWidth = config.decoder.width
  const g = weights.graph
  const norm = (x: Float, keys: { weight: string; bias: string }, normsEps = normEps) =>
    layerNorm(g, x, weights.tensor(keys.weight), weights.tensor(keys.bias), normsEps)
  const flat = (x: Float, columns = width) => reshape(g, x, [-1, columns])
  const positions = (key: string, shape: [number, number], computed: () => Float32Array) =>
    weights.has(key) ? weights.tensor(key) : g.constant('float32', shape, computed())

  const image = g.input('image_rows', 'float32', ['pictures', imageRows, width])
  const pictures = concat(g, [shape(g, image, { end: 1 }), g.int64(1, 1)], 0)
  let x = expand(g, weights.tensor(abstractorKeys.queries), pictures)

  for (let index = 0; index < layers; index++) {
    const keys = abstractorKeys.layer(index)
    g.within(`layer.${index}`, () => {
      const byHead = (rows: Float, count: number, linear: { weight: string; bias: string }, role: Role) =>
        transpose(g, reshape(g, weights.linear(flat(rows), linear, role), [-1, count, heads, headWidth]), [0, 2, 1, 3])
      const queryPositions = positions(keys.queryPositions, [queries, width], () => linePositions(queries, width))
      const imagePositions = positions(keys.imagePositions, [imageRows, width], () => gridPositions(gridSize, width))
      const q = norm(x, keys.queryNorm)
      const kv = concat(g, [q, norm(image, keys.imageNorm)], 1)
      const kvRows = queries + imageRows
      const query = byHead(add(g, q, queryPositions), queries, keys.query, 'robust')
      const key = byHead(add(g, kv, concat(g, [queryPositions, imagePositions], 0)), kvRows, keys.key, 'sensitive')
      const value = byHead(kv, kvRows, keys.value, 'sensitive')
      const attention = softmax(g, matmul(g, query, key, { transposed: true, alpha: headWidth ** -0.5 }))
      g.output(`abstractor.attention.${index}`, attention, ['pictures', heads, queries, kvRows])
      const attended = flat(transpose(g, matmul(g, attention, value), [0, 2, 1, 3]))
      // The residual comes from the normed queries, not from the queries themselves.
      const h = add(g, flat(q), weights.linear(attended, keys.attentionOutput, 'robust'))
      const normed = norm(h, keys.ffnNorm)
      const gated = multiply(
        g,
        sigmoidGate(g, weights.linear(normed, keys.gate, 'robust'), 1),
        weights.linear(normed, keys.up, 'robust'),
      )
      const ffn = weights.linear(norm(gated, keys.ffnInnerNorm, eps), keys.down, 'sensitive')
      x = reshape(g, add(g, h, ffn), [-1, queries, width])
    })
    if (taps) g.output(`abstractor.layer.${index}`, x, ['pictures', queries, width])
  }

  const rows = reshape(g, weights.linear(flat(x), abstractorKeys.toDecoder, 'sensitive'), [-1, queries, decoderWidth])
  const end = expand(g, weights.tensor(abstractorKeys.endVector), pictures)
  g.output('visual_rows', concat(g, [rows, end], 1), ['pictures', queries + 1, decoderWidth])
  return g
}
