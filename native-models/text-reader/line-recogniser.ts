import { type InferenceSession, Tensor } from 'onnxruntime-node'
import type { RgbPicture } from '../mplug-owl2/bicubic.ts'
import type { Box } from './text-line.ts'

/** Height of the network's input. */
const inputHeight = 48
/** Columns of the input that one step of the output stands for. */
const columnsPerStep = 8

/** A line to be read: where it is, and how it is turned. */
export interface LineCrop {
  box: Box
  rotation: 0 | 90 | 270
}

export interface ReadLine {
  text: string
  confidence: number
  /** Where each character of `text` stands along the line, 0 to 1. */
  places: number[]
}

/** Reads single lines by PP-OCRv4's recognition network (SVTR, Du et al. 2022) with the best path of its CTC output. */
export class LineRecogniser {
  readonly #session: InferenceSession
  readonly #characters: readonly string[]

  /** @param characters of the network's classes from 1 on; class 0 is the blank */
  constructor(session: InferenceSession, characters: readonly string[]) {
    this.#session = session
    this.#characters = characters
  }

  async read(picture: RgbPicture, crop: LineCrop): Promise<ReadLine> {
    const long = crop.rotation === 0 ? crop.box.width : crop.box.height
    const across = crop.rotation === 0 ? crop.box.height : crop.box.width
    const inkWidth = Math.max(1, Math.round((inputHeight * long) / across))
    const width = Math.max(2 * columnsPerStep, Math.ceil(inkWidth / columnsPerStep) * columnsPerStep)
    const input = lineInput(picture, crop, inkWidth, width)
    const feeds = { [this.#session.inputNames[0]!]: new Tensor('float32', input, [1, 3, inputHeight, width]) }
    const output = (await this.#session.run(feeds))[this.#session.outputNames[0]!]!
    return bestPath(output.data as Float32Array, output.dims[1]!, output.dims[2]!, this.#characters, width / inkWidth)
  }
}

/** Repeated classes are one character, blanks are none. */
function bestPath(
  probabilities: Float32Array,
  steps: number,
  classes: number,
  characters: readonly string[],
  stretch: number,
): ReadLine {
  let text = ''
  let sum = 0
  let before = 0
  const places: number[] = []
  for (let step = 0; step < steps; step++) {
    const from = step * classes
    let best = 0
    let most = probabilities[from]!
    for (let id = 1; id < classes; id++) {
      if (probabilities[from + id]! > most) {
        most = probabilities[from + id]!
        best = id
      }
    }
    if (best !== 0 && best !== before) {
      text += characters[best - 1]
      sum += most
      places.push(Math.min(1, ((step + 0.5) / steps) * stretch))
    }
    before = best
  }
  return { text, confidence: places.length > 0 ? sum / places.length : 0, places }
}

/** [3, 48, width] from -1 to 1, bilinear; what is right of `inkWidth` repeats the last column. */
function lineInput(
  { rgb, width: pictureWidth, height: pictureHeight }: RgbPicture,
  { box, rotation }: LineCrop,
  inkWidth: number,
  width: number,
): Float32Array {
  const plane = inputHeight * width
  const input = new Float32Array(3 * plane)
  const along = (rotation === 0 ? box.width : box.height) / inkWidth
  const across = (rotation === 0 ? box.height : box.width) / inputHeight
  for (let row = 0; row < inputHeight; row++) {
    const v = (row + 0.5) * across - 0.5
    for (let column = 0; column < width; column++) {
      const u = (Math.min(column, inkWidth - 1) + 0.5) * along - 0.5
      let x = box.left + u
      let y = box.top + v
      if (rotation === 90) {
        x = box.left + box.width - 1 - v
        y = box.top + u
      } else if (rotation === 270) {
        x = box.left + v
        y = box.top + box.height - 1 - u
      }
      x = Math.min(Math.max(0, x), pictureWidth - 1)
      y = Math.min(Math.max(0, y), pictureHeight - 1)
      const x0 = Math.floor(x)
      const y0 = Math.floor(y)
      const fx = x - x0
      const fy = y - y0
      const nearTop = (y0 * pictureWidth + x0) * 3
      const farTop = x0 + 1 < pictureWidth ? nearTop + 3 : nearTop
      const down = y0 + 1 < pictureHeight ? pictureWidth * 3 : 0
      const put = row * width + column
      for (let channel = 0; channel < 3; channel++) {
        const top = rgb[nearTop + channel]! * (1 - fx) + rgb[farTop + channel]! * fx
        const low = rgb[nearTop + down + channel]! * (1 - fx) + rgb[farTop + down + channel]! * fx
        // The network's channels are blue, green, red.
        input[(2 - channel) * plane + put] = (top * (1 - fy) + low * fy) / 127.5 - 1
      }
    }
  }
  return input
}
