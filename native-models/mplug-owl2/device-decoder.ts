import {
  addThenRmsNorm,
  argmax,
  groupQueryAttention,
  multiply,
  type Real,
  rmsNorm,
  sigmoidGate,
  toType,
} from '../onnx/device-operators.ts'
import { GraphBuilder } from '../onnx/graph-builder.ts'
import { concat, gather, reshape, split } from '../onnx/operators.ts'
import { decoderKeys, type Modality } from './checkpoint-keys.ts'
import type { OwlConfig } from './config.ts'
import type { DeviceGraphParts } from './device-graphs.ts'
import { DeviceWeights } from './device-weights.ts'

/**
 * The modality-adaptive decoder for a GPU, over the weights of the one in `modality-adaptive-decoder.ts`. Rows are in
 * the order of the conversation throughout; text and picture rows are taken out of it for their own key and value
 * projections and put back. The cache stays on the device: past and present are given as the same buffers, and
 * attention, with RoPE, writes new rows behind those of the past.
 *
 * Inputs, T text and V picture rows, n = T + V: `text_ids` int64 [T], `visual_rows` [V, D] float32; `text_places` [T],
 * `visual_places` [V] and `modality` [n], all int64: where rows of each kind stand among the n, and what each row is
 * (0 text, 1 picture); `order` int64 [n]: for each row its place among text rows followed by picture rows; `last_row`
 * int32 [1] and `total_rows` int32 []: rows of the conversation after this run, less one and as they are; `logit_rows`
 * int64 [R]; `past_key.i`, `past_value.i` [1, KH, capacity, W]. Outputs: `logits` [R, vocabulary] float32, `best` int64
 * [R], the most probable token; `key.i`, `value.i` like the inputs; `query.i` [n, H W], before RoPE, for showing where
 * an answer looked.
 *
 * Taps: `inputs_embeds`, `decoder.layer.i`, `decoder.norm` [n, D].
 */
export function buildDeviceDecoder({ installed, config, numbers, taps }: DeviceGraphParts): {
  graph: GraphBuilder
  weights: DeviceWeights
} {
  const decoder: OwlConfig['decoder'] = config.decoder
  const { width, layers, heads, keyHeads, headWidth, ffnWidth, vocabulary, eps, tiedEmbeddings } = decoder
  const keyWidth = keyHeads * headWidth
  const g = new GraphBuilder('modality-adaptive-decoder')
  const weights = new DeviceWeights(g, installed, numbers)
  const tap = (name: string, x: Real) => {
    if (taps) g.output(name, toType(g, x, 'float32'), ['rows', width])
  }

  const textIds = g.input('text_ids', 'int64', ['text'])
  const visualRows = toType(g, g.input('visual_rows', 'float32', ['visual', width]), numbers)
  const textPlaces = g.input('text_places', 'int64', ['text'])
  const visualPlaces = g.input('visual_places', 'int64', ['visual'])
  const modality = g.input('modality', 'int64', ['rows'])
  const order = g.input('order', 'int64', ['rows'])
  const lastRow = g.input('last_row', 'int32', [1])
  const totalRows = g.input('total_rows', 'int32', [])
  const logitRows = g.input('logit_rows', 'int64', ['wanted'])
  const cacheShape = [1, keyHeads, 'capacity', headWidth]

  const inOrder = (text: Real, visual: Real) => gather(g, concat(g, [text, visual], 0), order)
  const embedding = weights.matrix(decoderKeys.embedding, width)
  let residual = inOrder(weights.rowsOf(embedding, textIds), visualRows)
  tap('inputs_embeds', residual)

  const rotary = rotaryTables(g, decoder, numbers)
  const ones = toType(g, g.constant('float32', [width], new Float32Array(width).fill(1)), numbers)
  let branch: Real | undefined
  /** Adds the last branch's result to the residual stream and norms the sum. */
  const join = (weight: Real) => {
    if (!branch) return rmsNorm(g, residual, weight, eps)
    const { normed, sum } = addThenRmsNorm(g, residual, branch, weight, eps)
    residual = sum
    return normed
  }
  /** The same, each row weighted by the norm of its modality. */
  const joinByModality = (keys: { text: string; visual: string }) =>
    multiply(g, join(ones), gather(g, weights.tensor(`${keys.text}+visual`), modality))

  const attend = (normed: Real, index: number) => {
    const { query: queryKey, attentionOutput } = decoderKeys.layer(index)
    const keyValue = (kind: Modality) => {
      const rows = gather(g, normed, kind === 'text' ? textPlaces : visualPlaces)
      return weights.project(rows, `layer.${index}.key_value.${kind}`, width)
    }
    const query = weights.project(normed, queryKey, width)
    g.output(`query.${index}`, query, ['rows', heads * headWidth])
    const [key, value] = split(g, inOrder(keyValue('text'), keyValue('visual')), [keyWidth, keyWidth], 1)
    const inBatch = (x: Real, columns: number) => reshape(g, x, [1, -1, columns])
    const attention = groupQueryAttention(
      g,
      {
        query: inBatch(query, heads * headWidth),
        key: inBatch(key!, keyWidth),
        value: inBatch(value!, keyWidth),
        pastKey: g.input(`past_key.${index}`, numbers, cacheShape),
        pastValue: g.input(`past_value.${index}`, numbers, cacheShape),
        lastRow,
        totalRows,
        ...rotary,
      },
      heads,
      keyHeads,
    )
    g.output(`key.${index}`, attention.key, cacheShape)
    g.output(`value.${index}`, attention.value, cacheShape)
    const attended = reshape(g, attention.attended, [-1, heads * headWidth])
    return weights.project(attended, attentionOutput, heads * headWidth)
  }

  const feedForward = (normed: Real, index: number) => {
    const gateUp = weights.project(normed, `layer.${index}.gate_up`, width)
    const [gate, up] = split(g, gateUp, [ffnWidth, ffnWidth], 1)
    return weights.project(multiply(g, sigmoidGate(g, gate!, 1), up!), decoderKeys.layer(index).down, ffnWidth)
  }

  for (let index = 0; index < layers; index++) {
    const keys = decoderKeys.layer(index)
    g.within(`layer.${index}`, () => {
      const attentionInput = joinByModality(keys.attentionNorm)
      if (index > 0) tap(`decoder.layer.${index - 1}`, residual)
      branch = attend(attentionInput, index)
      branch = feedForward(joinByModality(keys.ffnNorm), index)
    })
  }

  const last = join(weights.tensor(decoderKeys.lastNorm))
  if (taps) tap(`decoder.layer.${layers - 1}`, residual)
  tap('decoder.norm', last)
  const output = tiedEmbeddings ? embedding : weights.matrix(decoderKeys.output, width)
  const logits = toType(g, weights.multiply(gather(g, last, logitRows), output), 'float32')
  g.output('logits', logits, ['wanted', vocabulary])
  g.output('best', argmax(g, logits), ['wanted'])
  return { graph: g, weights }
}

/** Cosines and sines of the angle of every position that a conversation may have. */
function rotaryTables(g: GraphBuilder, { headWidth, ropeTheta, context }: OwlConfig['decoder'], numbers: Real['type']) {
  const half = headWidth / 2
  const table = (wave: (angle: number) => number) => {
    const values = Float32Array.from({ length: context * half }, (_, i) =>
      wave(Math.floor(i / half) * Math.fround(ropeTheta ** (-(i % half) / half))),
    )
    return toType(g, g.constant('float32', [context, half], values), numbers)
  }
  return { cosines: table(Math.cos), sines: table(Math.sin) }
}
