import type { Dimension, GraphBuilder, Value } from '../onnx/graph-builder.ts'
import {
  add,
  addThenRmsNorm,
  argmax,
  concat,
  cosine,
  expand,
  gather,
  greater,
  matmul,
  multiply,
  range,
  reshape,
  rmsNorm,
  rotaryEmbedding,
  shape,
  sine,
  softmax,
  split,
  tile,
  toFloat32,
  transpose,
  unsqueeze,
  where,
} from '../onnx/operators.ts'
import { multiplyByMatrix, rowsOfMatrix } from '../quantization/stored-matrix.ts'
import { decoderKeys, type Modality } from './checkpoint-keys.ts'
import type { OwlConfig } from './config.ts'
import type { GraphWeights } from './graph-weights.ts'

type Float = Value<'float32'>
type Index = Value<'int64'>

/** What a hidden score is lowered by; the softmax makes it zero. */
const hidden = -1e9

/**
 * The modality-adaptive decoder (paper, section 3.2): LLaMA whose norms, keys and values exist once for text rows and
 * once for visual rows. Rows are ordered text first, then visual, so each modality is one slice; `positions` carries
 * the true order. N = B n rows; V > 0 only where B = 1.
 *
 * Inputs: `text_ids` int64 [T], `visual_rows` [V, D], `positions` int64 [B, n], `past_mask` [B, C] (0 for a slot in
 * use, a large negative number for an empty one), `past_key.i` and `past_value.i` [B, KH, C, W], `logit_rows` int64
 * [R]. Outputs: `logits` [R, vocabulary]; `best` int64 [R], the index of the largest logit, for where that is all
 * that is wanted; `new_rows` [2 L B, KH, n, W], for each layer its new keys, after RoPE, and then its new values, for
 * the caller to append. onnxruntime copies every output on the CPU, and each takes its time: so the cache itself is
 * never one, and all its new rows are one. `query.i` [B, H, n, W], after RoPE, is asked for only to show where an
 * answer looked.
 *
 * Taps: `inputs_embeds`, `decoder.layer.i`, `decoder.norm` [N, D], `attention.i` [B, H, n, C + n], `key.i` and
 * `value.i` [B, KH, n, W].
 */
export function buildModalityAdaptiveDecoder(weights: GraphWeights, config: OwlConfig, taps = false): GraphBuilder {
  const { width, layers, heads, keyHeads, headWidth, vocabulary, eps, ropeTheta, tiedEmbeddings } = config.decoder
  const g = weights.graph
  const tap = (name: string, x: Float) => {
    if (taps) g.output(name, x, ['rows', width])
  }

  const textIds = g.input('text_ids', 'int64', ['text'])
  const visualRows = g.input('visual_rows', 'float32', ['visual', width])
  const positions = g.input('positions', 'int64', ['batch', 'new'])
  const pastMask = g.input('past_mask', 'float32', ['batch', 'past'])
  const logitRows = g.input('logit_rows', 'int64', ['wanted'])
  const cacheInput = (name: string) => g.input(name, 'float32', ['batch', keyHeads, 'past', headWidth])
  const cacheRows: Float[] = []

  const embedding = weights.vocabulary(decoderKeys.embedding, width)
  const inRows = (x: Float, columns = width) => g.shaped(x, ['rows', columns])
  let residual = inRows(concat(g, [rowsOfMatrix(g, embedding, textIds), visualRows], 0))
  tap('inputs_embeds', residual)

  const rows = rowShapes(g, textIds, visualRows)
  const rotary = rotaryTables(g, positions, headWidth, ropeTheta)
  const mask = attentionMask(g, positions, pastMask, heads / keyHeads)
  const headsShape = concat(g, [shape(g, positions), g.int64(heads + 2 * keyHeads, headWidth)], 0)
  const ones = g.constant('float32', [width], new Float32Array(width).fill(1))

  let branch: Float | undefined
  /** Adds the last branch's result to the residual stream and norms the sum. */
  const join = (weight: Float) => {
    if (!branch) return rmsNorm(g, residual, weight, eps)
    const { normed, sum } = addThenRmsNorm(g, residual, branch, weight, eps)
    residual = inRows(sum)
    return inRows(normed)
  }
  /** The same, each row weighted by the norm of its modality. */
  const joinByModality = (keys: { text: string; visual: string }) => {
    const both = weights.rows(
      `${keys.text}+visual`,
      [wholeVector(keys.text, width), wholeVector(keys.visual, width)],
      [2, width],
    )
    return inRows(multiply(g, join(ones), inRows(gather(g, both, rows.modality))))
  }

  const byHead = (x: Float, count: number) => g.shaped(x, ['batch', count, 'new', headWidth])
  /** Queries [B, H, n, W], keys and values [B, KH, n, W] of the new rows, the first two rotated. */
  const project = (normed: Float, index: number) => {
    const keys = decoderKeys.layer(index)
    const keyValue = (modality: Modality) => ({
      name: `layer.${index}.key_value.${modality}`,
      sources: [keys.key[modality], keys.value[modality]],
    })
    const query = weights.project(normed, keys.query, [keys.query], 'robust')
    const matrices = { text: keyValue('text'), visual: keyValue('visual') }
    const keysValues = weights.projectByModality(normed, rows.sizes, matrices, 'sensitive')
    const together = concat(g, [query, inRows(keysValues, 2 * keyHeads * headWidth)], 1)
    const allHeads = heads + 2 * keyHeads
    const inHeads = g.shaped(reshape(g, together, headsShape), ['batch', 'new', allHeads, headWidth])
    const [queryKey, v] = split(
      g,
      byHead(transpose(g, inHeads, [0, 2, 1, 3]), allHeads),
      [heads + keyHeads, keyHeads],
      1,
    )
    const rotated = rotaryEmbedding(g, byHead(queryKey!, heads + keyHeads), rotary.rows, rotary.cosines, rotary.sines)
    const [q, k] = split(g, byHead(rotated, heads + keyHeads), [heads, keyHeads], 1)
    return { q: byHead(q!, heads), k: byHead(k!, keyHeads), v: byHead(v!, keyHeads) }
  }

  const attend = (normed: Float, index: number) => {
    const pastKey = cacheInput(`past_key.${index}`)
    const pastValue = cacheInput(`past_value.${index}`)
    const { q, k, v } = project(normed, index)
    cacheRows.push(k, v)
    if (taps) {
      g.output(`key.${index}`, k, ['batch', keyHeads, 'new', headWidth])
      g.output(`value.${index}`, v, ['batch', keyHeads, 'new', headWidth])
    }
    g.output(`query.${index}`, q, ['batch', heads, 'new', headWidth])
    // Query heads that share a key head stand below each other, so that keys are never repeated in memory.
    const shared = (x: Float, columns: Dimension) => g.shaped(x, ['batch', keyHeads, 'grouped', columns])
    const grouped = shared(reshape(g, q, [0, keyHeads, -1, headWidth]), headWidth)
    // For a single row of its own, a matrix product without a factor has a path that reads the keys just once.
    const scale = headWidth ** -0.5
    const asked = heads === keyHeads ? multiply(g, grouped, g.float32(scale)) : grouped
    const scaled = { transposed: true, alpha: heads === keyHeads ? 1 : scale }
    const onPastKeys = shared(matmul(g, asked, pastKey, scaled), 'past')
    const onNewKeys = shared(matmul(g, asked, k, scaled), 'new')
    const scores = shared(concat(g, [onPastKeys, onNewKeys], 3), 'seen')
    const attention = shared(softmax(g, shared(add(g, scores, mask.scores), 'seen')), 'seen')
    if (taps) g.output(`attention.${index}`, reshape(g, attention, [0, heads, -1, 0]), ['batch', heads, 'new', 'seen'])
    const [onPast, onNew] = split(g, attention, mask.sizes, 3)
    const fromPast = shared(matmul(g, shared(onPast!, 'past'), pastValue), headWidth)
    const fromNew = shared(matmul(g, shared(onNew!, 'new'), v), headWidth)
    const attended = byHead(reshape(g, shared(add(g, fromPast, fromNew), headWidth), [0, heads, -1, headWidth]), heads)
    const inOrder = g.shaped(transpose(g, attended, [0, 2, 1, 3]), ['batch', 'new', heads, headWidth])
    const { attentionOutput } = decoderKeys.layer(index)
    return inRows(
      weights.project(inRows(reshape(g, inOrder, [-1, width])), attentionOutput, [attentionOutput], 'robust'),
    )
  }

  const feedForward = (normed: Float, index: number) => {
    const keys = decoderKeys.layer(index)
    const inner = weights.projectGated(normed, `layer.${index}.gate_up`, [keys.gate, keys.up], 'robust')
    return inRows(weights.project(inner, keys.down, [keys.down], 'sensitive'))
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
  tap('decoder.norm', last)
  const output = tiedEmbeddings ? embedding : weights.vocabulary(decoderKeys.output, width)
  const logits = multiplyByMatrix(g, gather(g, last, logitRows), output)
  g.output('logits', logits, ['wanted', vocabulary])
  g.output('best', argmax(g, logits), ['wanted'])
  g.output('new_rows', concat(g, cacheRows, 0), ['cached', keyHeads, 'new', headWidth])
  return g
}

function wholeVector(weight: string, length: number) {
  return { weight, start: 0, end: length }
}

/** How many rows each modality has, and the number of each row's modality: 0 for text, 1 for visual. */
function rowShapes(g: GraphBuilder, textIds: Index, visualRows: Float) {
  const text = shape(g, textIds)
  const visual = shape(g, visualRows, { end: 1 })
  const modality = concat(g, [expand(g, g.int64(0), text), expand(g, g.int64(1), visual)], 0)
  return { sizes: concat(g, [text, visual], 0), modality }
}

/** Cosines and sines of each new row's angles, and the table row of each new row. */
function rotaryTables(g: GraphBuilder, positions: Index, headWidth: number, theta: number) {
  const half = headWidth / 2
  const frequencies = Float32Array.from({ length: half }, (_, i) => theta ** (-i / half))
  const column = reshape(g, toFloat32(g, positions), [-1, 1])
  const angles = multiply(g, column, g.constant('float32', [1, half], frequencies))
  const size = shape(g, angles, { end: 1 })
  const rows = reshape(g, range(g, reshape(g, size, [])), shape(g, positions))
  return { cosines: cosine(g, angles), sines: sine(g, angles), rows }
}

/**
 * What is added to the scores [B, KH, group n, C + n]: past slots are hidden where they are empty, new rows where
 * they come later. Also how many columns are past and how many new.
 */
function attentionMask(g: GraphBuilder, positions: Index, pastMask: Float, group: number) {
  const fresh = shape(g, positions, { start: 1 })
  const past = shape(g, pastMask, { start: 1 })
  const later = greater(g, unsqueeze(g, positions, [1, 2]), unsqueeze(g, positions, [1, 3]))
  const newScores = tile(g, where(g, later, g.float32(hidden), g.float32(0)), [1, 1, group, 1])
  const rows = shape(g, newScores, { start: 2, end: 3 })
  const pastScores = expand(g, unsqueeze(g, pastMask, [1, 2]), concat(g, [g.int64(1, 1), rows, g.int64(1)], 0))
  return { scores: concat(g, [pastScores, newScores], 3), sizes: concat(g, [past, fresh], 0) }
}
