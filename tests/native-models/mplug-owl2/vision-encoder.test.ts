import { Tensor } from 'onnxruntime-node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { largestDifference, ReferenceModel, referenceNames } from './reference-model.ts'

describe.each(referenceNames)('vision encoder and visual abstractor of %s', (name) => {
  let model: ReferenceModel
  beforeAll(async () => {
    model = await ReferenceModel.write(name)
  })
  afterAll(() => model.remove())

  test('every state of every picture is that of the published code', async () => {
    const vision = await model.session('visionEncoder')
    const abstractor = await model.session('visualAbstractor')
    const size = model.config.vision.imageSize
    for (const image of model.images) {
      const expected = await model.expected('image', image)
      const pixels = new Tensor('float32', expected.get('pixel_values')!.values, [1, 3, size, size])
      const seen = await vision.run({ pixel_values: pixels })
      const understood = await abstractor.run({ image_rows: seen.image_rows! })
      const actual = {
        ...seen,
        ...understood,
        'vision.output': seen.image_rows,
        'abstractor.output': understood.visual_rows,
      }
      const names = [...expected.keys()].filter((tensor) => tensor !== 'pixel_values')
      expect(names.length).toBe(3 + model.config.vision.layers + model.config.abstractor.layers)
      for (const tensor of names) {
        const found = actual[tensor as keyof typeof actual]!
        expect(found.dims, `${image} ${tensor}`).toEqual([1, ...expected.get(tensor)!.shape])
        expect(
          largestDifference(found.data as Float32Array, expected.get(tensor)!.values),
          `${image} ${tensor}`,
        ).toBeLessThan(1e-4)
      }
    }
  })

  test('pictures together give what they give one by one', async () => {
    const vision = await model.session('visionEncoder')
    const abstractor = await model.session('visualAbstractor')
    const size = model.config.vision.imageSize
    const expected = await Promise.all(model.images.slice(0, 3).map((image) => model.expected('image', image)))
    const pixels = Float32Array.from(expected.flatMap((tensors) => [...tensors.get('pixel_values')!.values]))
    const seen = await vision.run({ pixel_values: new Tensor('float32', pixels, [3, 3, size, size]) })
    const understood = await abstractor.run({ image_rows: seen.image_rows! })
    const rows = expected.flatMap((tensors) => [...tensors.get('abstractor.output')!.values])
    expect(understood.visual_rows!.dims[0]).toBe(3)
    expect(largestDifference(understood.visual_rows!.data as Float32Array, rows)).toBeLessThan(1e-4)
  })
})
