import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  DecoderDriver,
  largestDifference,
  pickRows,
  type ReferenceCase,
  ReferenceModel,
  referenceNames,
  rowOrder,
  type Tensors,
} from './reference-model.ts'

/** Rows of a case as the graph takes them; visual rows are taken from the expected embeddings. */
function caseRows(item: ReferenceCase, expected: Tensors, width: number) {
  const order = rowOrder(item.modality)
  return {
    order,
    textIds: item.input_ids.filter((id) => id >= 0),
    visualRows: pickRows(expected.get('inputs_embeds')!.values, width, order.visual),
    positions: order.all,
    logitRows: item.modality.map((_, row) => order.all.indexOf(row)),
  }
}

const argmax = (values: Float32Array) =>
  values.reduce((best, value, index) => (value > values[best]! ? index : best), 0)

describe.each(referenceNames)('decoder of %s', (name) => {
  let model: ReferenceModel
  let session: Awaited<ReturnType<ReferenceModel['session']>>
  beforeAll(async () => {
    model = await ReferenceModel.write(name)
    session = await model.session('decoder')
  })
  afterAll(() => model.remove())

  test('every state of every case is that of the published code', async () => {
    const { width, layers, heads, keyHeads, headWidth, vocabulary } = model.config.decoder
    expect(model.cases.length).toBeGreaterThan(8)
    for (const item of model.cases) {
      const expected = await model.expected('case', item.name)
      const { order, ...rows } = caseRows(item, expected, width)
      const driver = new DecoderDriver(session, model.config)
      const actual = await driver.run(rows)
      const near = (tensor: string, values: ArrayLike<number>, reference: ArrayLike<number>) =>
        expect(largestDifference(values, reference), `${item.name} ${tensor}`).toBeLessThan(1e-3)

      for (const [tensor, { values }] of expected)
        if (tensor === 'inputs_embeds' || tensor.startsWith('decoder.'))
          near(tensor, actual.get(tensor)!.values, pickRows(values, width, order.all))

      const logits = actual.get('logits')!.values
      near('logits.last', logits.subarray(-vocabulary), expected.get('logits.last')!.values)
      if (expected.has('logits.all')) near('logits.all', logits, expected.get('logits.all')!.values)

      const count = order.all.length
      for (let layer = 0; layer < layers; layer++) {
        const attention = actual.get(`attention.${layer}`)!
        expect(attention.dims).toEqual([1, heads, count, count])
        const mean = (row: number, column: number) => {
          let sum = 0
          for (let head = 0; head < heads; head++) sum += attention.values[(head * count + row) * count + column]!
          return sum / heads
        }
        const merged = order.all.map((_, row) => order.all.indexOf(row))
        const share = merged.map((row) => order.visual.reduce((sum, _, v) => sum + mean(row, order.text.length + v), 0))
        const lastRow = merged.map((column) => mean(merged.at(-1)!, column))
        near(
          'visual_share',
          share,
          expected.get('attention.visual_share')!.values.slice(layer * count, (layer + 1) * count),
        )
        near('last_row', lastRow, expected.get('attention.last_row')!.values.slice(layer * count, (layer + 1) * count))
      }
      for (const layer of [0, layers - 1])
        for (const kind of ['key', 'value'])
          for (let head = 0; head < keyHeads; head++) {
            const part = (values: Float32Array) =>
              values.subarray(head * count * headWidth, (head + 1) * count * headWidth)
            near(
              `cache.${layer}.${kind}`,
              part(actual.get(`${kind}.${layer}`)!.values),
              pickRows(part(expected.get(`cache.${layer}.${kind}`)!.values), headWidth, order.all),
            )
          }
    }
  })

  test('greedy decoding on the cache gives the tokens of the published code', async () => {
    for (const item of model.cases) {
      const expected = await model.expected('case', item.name)
      const { order, ...rows } = caseRows(item, expected, model.config.decoder.width)
      const driver = new DecoderDriver(session, model.config)
      const prefill = await driver.run({ ...rows, logitRows: [rows.logitRows.at(-1)!] })
      const tokens = [argmax(prefill.get('logits')!.values)]
      while (tokens.length < item.greedy.length) {
        const step = {
          textIds: [tokens.at(-1)!],
          visualRows: new Float32Array(),
          positions: [driver.longest()],
          logitRows: [0],
        }
        const { values } = (await driver.run(step, driver.longest() + 5)).get('logits')!
        tokens.push(argmax(values))
      }
      expect(tokens, item.name).toEqual(item.greedy)
      expect(order.all.length + tokens.length - 1).toBe(driver.longest())
    }
  })

  // Chunks of 3 rows hold visual rows only, in the middle of a picture.
  test.each([7, 3])('a sequence in chunks of %i rows gives what it gives at once', async (chunk) => {
    const { width, vocabulary } = model.config.decoder
    const item = model.cases.find((candidate) => candidate.name === 'dialogue')!
    const expected = await model.expected('case', item.name)
    const { order } = caseRows(item, expected, width)
    const driver = new DecoderDriver(session, model.config)
    const textIds = item.input_ids.filter((id) => id >= 0)
    let last = new Float32Array()
    for (let start = 0; start < item.modality.length; start += chunk) {
      const end = Math.min(start + chunk, item.modality.length)
      const inside = (row: number) => row >= start && row < end
      const text = order.text.filter(inside)
      const visual = order.visual.filter(inside)
      const ids = order.text.flatMap((row, index) => (inside(row) ? [textIds[index]!] : []))
      const rows = [...text, ...visual]
      const { values } = (
        await driver.run({
          textIds: ids,
          visualRows: pickRows(expected.get('inputs_embeds')!.values, width, visual),
          positions: rows,
          logitRows: end === item.modality.length ? [rows.indexOf(end - 1)] : [],
        })
      ).get('logits')!
      last = values as typeof last
    }
    expect(last.length).toBe(vocabulary)
    expect(largestDifference(last, expected.get('logits.last')!.values)).toBeLessThan(1e-3)
  })

  test('conversations decoded together give what they give one by one', async () => {
    const { width, vocabulary } = model.config.decoder
    const alone = await Promise.all(
      ['picture', 'text-only', 'two-pictures'].map(async (caseName) => {
        const item = model.cases.find((candidate) => candidate.name === caseName)!
        const { order, ...rows } = caseRows(item, await model.expected('case', caseName), width)
        const driver = new DecoderDriver(session, model.config)
        await driver.run({ ...rows, logitRows: [] })
        return driver
      }),
    )
    const together = new DecoderDriver(session, model.config, alone.length)
    together.past = alone.map(({ past }) => structuredClone(past[0]!))
    for (const token of [5, 17, 3]) {
      const ids = alone.map((_, b) => token + b)
      const positions = together.past.map(({ length }) => length)
      const rows = { visualRows: new Float32Array(), logitRows: alone.map((_, b) => b) }
      const joint = (await together.run({ ...rows, textIds: ids, positions })).get('logits')!.values
      for (const [b, driver] of alone.entries()) {
        const own = await driver.run({
          textIds: [ids[b]!],
          visualRows: new Float32Array(),
          positions: [driver.longest()],
          logitRows: [0],
        })
        const row = joint.subarray(b * vocabulary, (b + 1) * vocabulary)
        expect(largestDifference(row, own.get('logits')!.values)).toBeLessThan(1e-4)
      }
    }
  })
})
