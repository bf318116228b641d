import { Tensor } from 'onnxruntime-node'
import { afterEach, describe, expect, test } from 'vitest'
import type { Checkpoint } from '../../../native-models/checkpoint/checkpoint.ts'
import type { Precision } from '../../../native-models/install/manifest.ts'
import { dequantizeInt4, quantizeInt4 } from '../../../native-models/quantization/block-int4.ts'
import { dequantizeInt8, quantizeInt8 } from '../../../native-models/quantization/block-int8.ts'
import { compareValues } from '../../../native-models/quantization/error-metrics.ts'
import { blockSizeFor } from '../../../native-models/quantization/stored-matrix.ts'
import { DecoderDriver, pickRows, ReferenceModel, rowOrder } from './reference-model.ts'

const models: ReferenceModel[] = []
afterEach(() => Promise.all(models.splice(0).map((model) => model.remove())))

const sensitive =
  /k_proj|v_proj|down_proj|query_key_value|fc2|attention\.(key|value)|mlp\.w2|visual_fc|embed_tokens|lm_head/

/** Reads the matrices of a checkpoint as what is left of them after they were rounded. */
function rounded(checkpoint: Checkpoint, precision: 'int8' | 'mixed' | 'int4'): Checkpoint {
  return {
    folder: checkpoint.folder,
    weights: checkpoint.weights,
    async read(name, rows) {
      const values = await checkpoint.read(name, rows)
      const shape = checkpoint.weights.get(name)!.shape
      if (shape.length !== 2 || name.endsWith('_pos_embed')) return values
      const columns = shape[1]!
      const kept = precision === 'mixed' ? (sensitive.test(name) ? 'int8' : 'int4') : precision
      const blockSize = blockSizeFor(kept, columns)
      return kept === 'int8'
        ? dequantizeInt8(quantizeInt8(values, columns, blockSize), columns, blockSize)
        : dequantizeInt4(quantizeInt4(values, columns, blockSize), columns, blockSize)
    },
    verify: async () => {},
    close: () => checkpoint.close(),
  }
}

/** Visual rows of a picture, and logits after a prompt with a picture and one more token. */
async function outputs(name: string, precision: Precision, through?: (checkpoint: Checkpoint) => Checkpoint) {
  const model = await ReferenceModel.write(name, precision, through)
  models.push(model)
  const { decoder, vision } = model.config
  const picture = await model.expected('image', 'exact')
  const size = vision.imageSize
  const pixels = new Tensor('float32', picture.get('pixel_values')!.values, [1, 3, size, size])
  const seen = await (await model.session('visionEncoder')).run({ pixel_values: pixels })
  const understood = await (await model.session('visualAbstractor')).run({ image_rows: seen.image_rows! })
  const item = model.cases.find((candidate) => candidate.name === 'picture')!
  const order = rowOrder(item.modality)
  const driver = new DecoderDriver(await model.session('decoder'), model.config)
  const first = await driver.run({
    textIds: item.input_ids.filter((id) => id >= 0),
    visualRows: pickRows(
      (await model.expected('case', 'picture')).get('inputs_embeds')!.values,
      decoder.width,
      order.visual,
    ),
    positions: order.all,
    logitRows: [order.all.indexOf(item.modality.length - 1)],
  })
  const step = { textIds: [7], visualRows: new Float32Array(), positions: [driver.longest()], logitRows: [0] }
  return {
    'image rows': seen.image_rows!.data as Float32Array,
    'visual rows': understood.visual_rows!.data as Float32Array,
    'first logits': first.get('logits')!.values,
    'second logits': (await driver.run(step)).get('logits')!.values,
  }
}

// The two small ones; the third has more words and nothing else that rounding could meet.
describe.each(['tiny-512', 'tiny-gqa'])('%s', (name) => {
  test.each(['int8', 'mixed', 'int4'] as const)(
    '%s graphs compute what float graphs compute with the values kept',
    async (precision) => {
      const actual = await outputs(name, precision)
      const expected = await outputs(name, 'f32', (checkpoint) => rounded(checkpoint, precision))
      // What remains is the rounding of activations to 8 bits, which random weights pass on without loss.
      for (const part of Object.keys(expected) as (keyof typeof expected)[])
        expect(compareValues(actual[part], expected[part]).relativePower, part).toBeLessThan(0.02)
    },
  )

  test('f16 graphs are near the float ones', async () => {
    const actual = await outputs(name, 'f16')
    const expected = await outputs(name, 'f32')
    for (const part of Object.keys(expected) as (keyof typeof expected)[])
      expect(compareValues(actual[part], expected[part]).relativePower, part).toBeLessThan(1e-5)
  })
})
