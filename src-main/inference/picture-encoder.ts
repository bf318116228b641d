import { type InferenceSession, Tensor } from 'onnxruntime-node'
import type { Manifest } from '../../native-models/install/manifest.ts'
import { readPicture } from '../../native-models/mplug-owl2/picture.ts'
import { onDevice } from './device-loss.ts'
import type { Device, PictureInput } from './protocol.ts'
import { VisualRowCache } from './visual-rows.ts'

/** Vision encoder and visual abstractor, one after the other: a picture becomes visual rows of the decoder. */
export class PictureEncoder {
  readonly #vision: InferenceSession
  readonly #abstractor: InferenceSession
  readonly #settings: Manifest['picture']
  readonly #device: Device
  readonly #cache: VisualRowCache
  readonly #attention = new VisualRowCache(16 * 2 ** 20)
  /** Called with what both graphs returned for a picture; used to look inside (see the graphs' taps). */
  observe: ((outputs: InferenceSession.ReturnType) => void) | undefined

  /** @param device that both graphs run on */
  constructor(
    vision: InferenceSession,
    abstractor: InferenceSession,
    settings: Manifest['picture'],
    device: Device,
    cache = new VisualRowCache(),
  ) {
    this.#vision = vision
    this.#abstractor = abstractor
    this.#settings = settings
    this.#device = device
    this.#cache = cache
  }

  /**
   * Visual rows of a picture, [queries + 1, decoder width]; from the cache if it was seen lately.
   * @param keep whether it may be asked about again
   * @throws OwlError `picture-*`, `device-lost`
   */
  async encode(picture: PictureInput, keep = true): Promise<Float32Array> {
    const known = this.#cache.get(picture.hash)
    if (known) return known
    const { pixels } = await readPicture(picture.source, picture.name, this.#settings)
    const rows = await this.encodePixels(pixels)
    if (keep) this.#cache.set(picture.hash, rows)
    return rows
  }

  /** @param pixels [3, size, size], normalised */
  async encodePixels(pixels: Float32Array): Promise<Float32Array> {
    const seen = await this.#see(pixels)
    const names = this.observe ? this.#abstractor.outputNames : ['visual_rows']
    const abstracted = await this.#run(this.#abstractor, { image_rows: seen.image_rows! }, names)
    this.observe?.({ ...seen, ...abstracted })
    return abstracted.visual_rows!.data as Float32Array
  }

  /**
   * Where in a picture each query looked: its attention to the patches, mean over the heads and layers of the
   * abstractor, [queries, patches]; what went to the class token and to the queries themselves is left out. Kept for a
   * while, as a person looks at one word of an answer after another.
   * @throws OwlError `picture-*`, `device-lost`
   */
  async attention(picture: PictureInput): Promise<Float32Array> {
    const known = this.#attention.get(picture.hash)
    if (known) return known
    const { pixels } = await readPicture(picture.source, picture.name, this.#settings)
    const seen = await this.#see(pixels)
    const names = this.#abstractor.outputNames.filter((name) => name.startsWith('abstractor.attention.'))
    const outputs = await this.#run(this.#abstractor, { image_rows: seen.image_rows! }, names)
    const attention = meanPatchAttention(names.map((name) => outputs[name]!))
    this.#attention.set(picture.hash, attention)
    return attention
  }

  #see(pixels: Float32Array): Promise<InferenceSession.ReturnType> {
    const { size } = this.#settings
    const feeds = { pixel_values: new Tensor('float32', pixels, [1, 3, size, size]) }
    return this.#run(this.#vision, feeds, this.#vision.outputNames)
  }

  #run(session: InferenceSession, feeds: InferenceSession.FeedsType, names: readonly string[]) {
    const run = () => session.run(feeds, names)
    return this.#device === 'cpu' ? run() : onDevice(run)
  }
}

/** @param layers of one picture, [1, heads, queries, queries + 1 + patches] each */
function meanPatchAttention(layers: readonly Tensor[]): Float32Array {
  const [, heads, queries, columns] = layers[0]!.dims as [number, number, number, number]
  const first = queries + 1
  const patches = columns - first
  const mean = new Float32Array(queries * patches)
  const weight = 1 / (layers.length * heads)
  for (const layer of layers) {
    const values = layer.data as Float32Array
    for (let row = 0; row < heads * queries; row++) {
      const from = row * columns + first
      const to = (row % queries) * patches
      for (let patch = 0; patch < patches; patch++) mean[to + patch]! += values[from + patch]! * weight
    }
  }
  return mean
}
