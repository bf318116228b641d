import { InferenceSession } from 'onnxruntime-node'
import { afterEach, describe, expect, test } from 'vitest'
import type { Precision } from '../../../native-models/install/manifest.ts'
import { promptDecoderGraph } from '../../../native-models/mplug-owl2/byte-graphs.ts'
import type { ByteSums } from '../../../native-models/mplug-owl2/byte-weights.ts'
import { compareValues } from '../../../native-models/quantization/error-metrics.ts'
import { byteSums } from '../../../src-main/inference/byte-products.ts'
import { DecoderDriver, pickRows, ReferenceModel, rowOrder } from './reference-model.ts'

const models: ReferenceModel[] = []
const sessions: InferenceSession[] = []
afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.release()))
  await Promise.all(models.splice(0).map((model) => model.remove()))
})

const here = await byteSums()
const waysHere = (['fours', 'pairs'] as const).filter((sums) => here && (sums === 'pairs' || sums === here))
if (here !== 'fours') console.log('Skipped: this processor does not add four products of bytes at once.')

async function written(name: string, precision: Precision): Promise<ReferenceModel> {
  const model = await ReferenceModel.write(name, precision)
  models.push(model)
  return model
}

async function promptSession(model: ReferenceModel, sums: ByteSums): Promise<InferenceSession> {
  const graph = await promptDecoderGraph(model.folder, model.config, sums, true)
  const session = await InferenceSession.create(graph, {
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
    extra: { session: { model_external_initializers_file_folder_path: model.folder } },
  })
  sessions.push(session)
  return session
}

/** Logits of every row of a case, and of one more chunk of text behind it. */
async function logitsOf(session: InferenceSession, model: ReferenceModel, name: string): Promise<Float32Array> {
  const item = model.cases.find((candidate) => candidate.name === name)!
  const expected = await model.expected('case', name)
  const order = rowOrder(item.modality)
  const embedded = expected.get('inputs_embeds')!.values
  const driver = new DecoderDriver(session, model.config)
  const first = await driver.run({
    textIds: item.input_ids.filter((id) => id >= 0),
    visualRows: pickRows(embedded, model.config.decoder.width, order.visual),
    positions: order.all,
    logitRows: order.all.map((_, row) => row),
  })
  const start = driver.longest()
  const next = { textIds: [7, 8, 9], visualRows: new Float32Array(), logitRows: [0, 1, 2] }
  const second = await driver.run({ ...next, positions: [start, start + 1, start + 2] }, start + 5)
  return Float32Array.of(...first.get('logits')!.values, ...second.get('logits')!.values)
}

const cases = waysHere.flatMap((sums) => ['tiny-512', 'tiny-gqa'].map((name) => ({ sums, name })))

describe.skipIf(!here).each(cases)('prompts of $name over products of bytes, added by $sums', ({ sums, name }) => {
  test.each(['int8', 'mixed', 'int4'] as const)(
    'are as near the blocks of %s as those compute them',
    async (precision) => {
      const model = await written(name, precision)
      for (const chosen of ['picture', 'text-only']) {
        const blocks = await logitsOf(await model.session('decoder'), model, chosen)
        const bytes = await logitsOf(await promptSession(model, sums), model, chosen)
        expect(compareValues(bytes, blocks).relativePower, chosen).toBeLessThan(0.03)
      }
    },
  )
})

test.each(['fours', 'pairs'] as const)('no row of a prompt depends on what is beside it, added by %s', async (sums) => {
  const model = await written('tiny-gqa', 'mixed')
  const session = await promptSession(model, sums)
  const run = (textIds: number[]) =>
    new DecoderDriver(session, model.config).run({
      textIds,
      visualRows: new Float32Array(),
      positions: textIds.map((_, row) => row),
      logitRows: [0, 1],
    })
  const [alone, beside] = [await run([5, 6]), await run([5, 6, 400, 3, 77])]
  expect(beside.get('logits')!.values).toEqual(alone.get('logits')!.values)
})

test('matrices that are not in blocks are refused', async () => {
  const model = await written('tiny-gqa', 'f32')
  await expect(promptDecoderGraph(model.folder, model.config, 'fours')).rejects.toMatchObject({ code: 'model-damaged' })
})
