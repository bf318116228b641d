import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PictureEncoder } from '../../../src-main/inference/picture-encoder.ts'
import { OwlPipeline } from '../../../src-main/inference/pipeline.ts'
import { installReference, referencePicture } from './installed-reference.ts'

/** A session of a device that is gone. */
const lost = {
  outputNames: ['image_rows'],
  run: async () => {
    throw new Error('Failed to run: the device is lost\nmore of it')
  },
} as never

let installed: Awaited<ReturnType<typeof installReference>>
let pipeline: OwlPipeline
beforeAll(async () => {
  installed = await installReference('tiny-gqa')
  pipeline = await OwlPipeline.load({ folder: installed.folder, device: 'cpu', threads: 1 })
})
afterAll(() => installed.remove())

describe('a picture encoder whose device fails', () => {
  const seeing = { outputNames: ['image_rows'], run: async () => ({ image_rows: {} }) } as never

  it.each([
    ['vision encoder', lost, seeing],
    ['abstractor', seeing, lost],
  ])('says that the GPU is lost (%s)', async (_, vision, abstractor) => {
    const encoder = new PictureEncoder(vision, abstractor, pipeline.manifest.picture, 'webgpu')
    const picture = await referencePicture('grey')
    const gone = { code: 'device-lost', message: 'The GPU failed: Failed to run: the device is lost' }
    await expect(encoder.encode(picture)).rejects.toMatchObject(gone)
    await expect(encoder.attention(picture)).rejects.toMatchObject(gone)
  })

  it('leaves an error of the processor as it is', async () => {
    const encoder = new PictureEncoder(lost, lost, pipeline.manifest.picture, 'cpu')
    await expect(encoder.encode(await referencePicture('grey'))).rejects.not.toHaveProperty('code')
  })
})
