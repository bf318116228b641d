import { expect, test } from 'vitest'
import { readPictureSettings } from '../../../native-models/install/picture-settings.ts'

const published = {
  size: 448,
  mean: [0.48145466, 0.4578275, 0.40821073],
  std: [0.26862954, 0.26130258, 0.27577711],
  fit: 'square',
}

test.each([
  ['nothing', {}],
  ['the old form', { size: 448 }],
  ['the shortest edge', { size: { shortest_edge: 448 } }],
  ['height and width', { size: { height: 448, width: 448 }, image_mean: published.mean, image_std: published.std }],
])('reads %s', (_, json) => {
  expect(readPictureSettings(json, 448)).toEqual(published)
})

test('reads other channels', () => {
  const settings = readPictureSettings({ image_mean: [0.5, 0.5, 0.5], image_std: [1, 2, 3] }, 70)
  expect(settings).toEqual({ size: 70, mean: [0.5, 0.5, 0.5], std: [1, 2, 3], fit: 'square' })
})

test.each([
  ['another size', { size: 336 }, '336 pixels'],
  ['an oblong', { size: { height: 448, width: 336 } }, 'size'],
  ['four channels', { image_mean: [0, 0, 0, 0] }, 'image_mean'],
  ['a deviation of 0', { image_std: [1, 0, 1] }, 'image_std'],
])('refuses %s', (_, json, message) => {
  expect(() => readPictureSettings(json, 448)).toThrow(
    expect.objectContaining({ code: 'unsupported-config', message: expect.stringContaining(message) }),
  )
})
