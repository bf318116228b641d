import { type InferenceSession, Tensor } from 'onnxruntime-node'
import type { RgbPicture } from '../mplug-owl2/bicubic.ts'
import { probabilityAreas } from './probability-areas.ts'
import type { Box } from './text-line.ts'

/** The network halves its input five times. */
const granularity = 32
/** Constants of PP-OCR's published detection: pixels above the first belong to text, areas need the second in the mean. */
const pixelThreshold = 0.3
const areaThreshold = 0.5
/** The network marks the core of a line; the line is larger by this share of its area over its circumference. */
const unclip = 1.6
/** ImageNet's, in the order of the network's channels: blue, green, red. */
const mean = [0.485, 0.456, 0.406]
const deviation = [0.229, 0.224, 0.225]

/** Finds lines of text by PP-OCRv4's detection network (differentiable binarisation, Liao et al. 2019). */
export class TextDetector {
  readonly #session: InferenceSession

  constructor(session: InferenceSession) {
    this.#session = session
  }

  /**
   * Boxes of lines in a part of a picture.
   * @param scale of the network's input to the picture: 0.5 looks at half the size
   * @returns boxes in pixels of the picture
   */
  async detect(picture: RgbPicture, part: Box, scale: number): Promise<{ box: Box; score: number }[]> {
    const width = Math.max(1, Math.round(part.width * scale))
    const height = Math.max(1, Math.round(part.height * scale))
    const stride = Math.ceil(width / granularity) * granularity
    const rows = Math.ceil(height / granularity) * granularity
    const input = networkInput(picture, part, { width, height, stride, rows })
    const feeds = { [this.#session.inputNames[0]!]: new Tensor('float32', input, [1, 3, rows, stride]) }
    const output = (await this.#session.run(feeds))[this.#session.outputNames[0]!]!
    return probabilityAreas(output.data as Float32Array, { width, height, stride }, pixelThreshold)
      .filter(({ score, box }) => score >= areaThreshold && Math.min(box.width, box.height) >= 2)
      .map(({ box, score }) => {
        const grow = (box.width * box.height * unclip) / (2 * (box.width + box.height))
        const left = Math.max(0, box.left - grow)
        const top = Math.max(0, box.top - grow)
        const right = Math.min(width, box.left + box.width + grow)
        const bottom = Math.min(height, box.top + box.height + grow)
        const toX = part.width / width
        const toY = part.height / height
        return {
          score,
          box: {
            left: part.left + left * toX,
            top: part.top + top * toY,
            width: (right - left) * toX,
            height: (bottom - top) * toY,
          },
        }
      })
  }
}

/** [3, rows, stride] blue, green, red; each value the mean of the pixels it stands for; what is beyond is the mean colour. */
function networkInput(
  { rgb, width: pictureWidth }: RgbPicture,
  part: Box,
  { width, height, stride, rows }: { width: number; height: number; stride: number; rows: number },
): Float32Array {
  const plane = rows * stride
  const input = new Float32Array(3 * plane)
  const xs = edges(part.left, part.width, width)
  const ys = edges(part.top, part.height, height)
  const factors = deviation.map((value) => 1 / (255 * value))
  const shifts = mean.map((value, channel) => -value / deviation[channel]!)
  for (let y = 0; y < height; y++) {
    const fromY = ys[y]!
    const toY = Math.max(fromY + 1, ys[y + 1]!)
    for (let x = 0; x < width; x++) {
      const fromX = xs[x]!
      const toX = Math.max(fromX + 1, xs[x + 1]!)
      let red = 0
      let green = 0
      let blue = 0
      for (let v = fromY; v < toY; v++) {
        for (let at = (v * pictureWidth + fromX) * 3, end = (v * pictureWidth + toX) * 3; at < end; at += 3) {
          red += rgb[at]!
          green += rgb[at + 1]!
          blue += rgb[at + 2]!
        }
      }
      const share = 1 / ((toX - fromX) * (toY - fromY))
      const put = y * stride + x
      input[put] = blue * share * factors[0]! + shifts[0]!
      input[plane + put] = green * share * factors[1]! + shifts[1]!
      input[2 * plane + put] = red * share * factors[2]! + shifts[2]!
    }
  }
  return input
}

/** Where each of `count` cells begins in `length` pixels from `start` on, and where the last one ends. */
function edges(start: number, length: number, count: number): Int32Array {
  return Int32Array.from({ length: count + 1 }, (_, at) => start + Math.floor((at * length) / count))
}
