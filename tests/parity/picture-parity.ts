import { join } from 'node:path'
import { readPicture } from '../../native-models/mplug-owl2/picture.ts'
import type { ParityReport } from './parity-report.ts'
import type { Reference } from './reference.ts'
import type { TappedModel } from './tapped-model.ts'

/** Vision encoder and visual abstractor in float32. */
const tolerance = 1e-4

/** Of the pixels read from a picture: one level of 255, by a standard deviation of 0.26. */
const pixelTolerance = 0.016

/**
 * Reads each picture and compares its pixels with those that Pillow gives the published code. Resizing rounds to whole
 * levels, so that two libraries may differ by one.
 * @param imagesFolder with `NAME.png` for each picture of the reference
 */
export async function checkPixels(
  model: TappedModel,
  reference: Reference,
  imagesFolder: string,
  report: ParityReport,
): Promise<void> {
  for (const [name, { file }] of Object.entries(reference.images)) {
    report.cases = reference.casesWith(name)
    const path = join(imagesFolder, `${name}.png`)
    const { pixels } = await readPicture({ path }, name, model.pipeline.manifest.picture)
    const expected = (await reference.tensors(file)).get('pixel_values')
    report.close('pixels of the picture file', pixelTolerance, name, pixels, expected)
  }
}

/**
 * Runs each picture's reference pixels through vision encoder and abstractor and compares every state inside.
 * @returns visual rows by picture name, [queries + 1, decoder width]
 */
export async function checkPictures(
  model: TappedModel,
  reference: Reference,
  report: ParityReport,
): Promise<Map<string, Float32Array>> {
  const { vision, abstractor } = model.pipeline.manifest.config
  const visualRows = new Map<string, Float32Array>()
  for (const [name, { file }] of Object.entries(reference.images)) {
    report.cases = reference.casesWith(name)
    const expected = await reference.tensors(file)
    const seen = new Map<string, Float32Array>()
    model.pipeline.pictures.observe = (outputs) => {
      for (const [output, { data }] of Object.entries(outputs)) seen.set(output, data as Float32Array)
    }
    visualRows.set(name, await model.pipeline.pictures.encodePixels(expected.get('pixel_values')!))

    const compare = (group: string, tensor: string, output = tensor) =>
      report.close(group, tolerance, `${name}: ${tensor}`, seen.get(output), expected.get(tensor))
    compare('vision.embeddings', 'vision.embeddings')
    for (let layer = 0; layer < vision.layers; layer++) compare('vision.layer', `vision.layer.${layer}`)
    compare('vision.output', 'vision.output', 'image_rows')
    for (let layer = 0; layer < abstractor.layers; layer++) compare('abstractor.layer', `abstractor.layer.${layer}`)
    compare('abstractor.output', 'abstractor.output', 'visual_rows')
  }
  model.pipeline.pictures.observe = undefined
  return visualRows
}
