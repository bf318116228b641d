import { InferenceSession } from 'onnxruntime-node'
import type { RgbPicture } from '../mplug-owl2/bicubic.ts'
import { decodePicture, inspectPicture, type PictureSource } from '../mplug-owl2/picture.ts'
import { OwlError } from '../owl-error.ts'
import type { JobOptions } from '../progress.ts'
import { contentParts } from './content-parts.ts'
import { leanGraph } from './lean-graph.ts'
import { type LinePiece, linePieces } from './line-pieces.ts'
import { LineRecogniser, type ReadLine } from './line-recogniser.ts'
import { withMissingSpaces } from './missing-spaces.ts'
import { type ReaderFiles, readReaderFiles } from './reader-files.ts'
import { readingOrder } from './reading-order.ts'
import { TextDetector } from './text-detector.ts'
import type { Box, TextLine } from './text-line.ts'
import { joinAcrossTiles, tiles } from './tiles.ts'
import { writtenSigns } from './written-signs.ts'

/** What is written in a picture, in reading order. */
export interface PictureText {
  /** Of the picture as it is shown, in pixels. */
  width: number
  height: number
  lines: TextLine[]
}

/** More pixels are shrunk to this while a picture is read: 200 MB as RGB, a scroll of 2000 x 33 000. */
const mostPixels = 2 ** 26
/** Detection looks at tiles of this size at most, in pixels of the picture. */
const tileWidth = 2560
const tileHeight = 1440
/**
 * Detection looks at this share of a picture's size; lines are then read at full size. Small pictures, which cost
 * little, are enlarged: words that stand close come apart.
 */
const usualScale = 0.75
const smallPixels = 500_000
const smallScale = 1.5
/** Lines that the recognition is less sure of are no text, single characters still less. */
const leastConfidence = 0.5
const leastConfidenceAlone = 0.8
/** Height to width from which a box is a line that runs downwards. */
const upright = 1.5

/**
 * Reads text in pictures, Chinese and English, at full resolution: PP-OCRv4's detection over the parts of a picture that
 * have content, then its recognition line by line.
 */
export class TextReader {
  readonly #detector: TextDetector
  readonly #recogniser: LineRecogniser

  constructor(detector: TextDetector, recogniser: LineRecogniser) {
    this.#detector = detector
    this.#recogniser = recogniser
  }

  /**
   * @param options.threads within an operator; 0 leaves it to the runtime
   * @throws OwlError `reader-missing`, also where a file is damaged
   */
  static async load(options: { threads?: number; files?: ReaderFiles } = {}): Promise<TextReader> {
    const files = options.files ?? (await readReaderFiles())
    try {
      const detector = new TextDetector(await openSession(files.detection, options.threads ?? 0))
      const recogniser = new LineRecogniser(
        await openSession(files.recognition, options.threads ?? 0),
        files.characters,
      )
      return new TextReader(detector, recogniser)
    } catch (cause) {
      throw new OwlError('reader-missing', 'A file that reads text in pictures is damaged.', { cause })
    }
  }

  /**
   * Reads a picture of any size.
   * @param name what messages call the picture
   * @throws OwlError `picture-*`, `cancelled` between two lines
   */
  async read(source: PictureSource, name: string, job: JobOptions = {}): Promise<PictureText> {
    const { width, height } = await inspectPicture(source, name)
    const shrink = Math.sqrt(Math.min(1, mostPixels / (width * height)))
    const picture = await decodePicture(source, name, { maxEdge: Math.ceil(Math.max(width, height) * shrink) })
    const pieces = await this.#detect(picture, job)
    const lines: TextLine[] = []
    for (const [at, piece] of pieces.entries()) {
      stopIfAsked(job)
      job.onProgress?.({ stage: 'reading', done: at, total: pieces.length, unit: 'items' })
      const line = await this.#readLine(picture, piece)
      if (line) lines.push(line)
    }
    const scale = { x: width / picture.width, y: height / picture.height }
    return { width, height, lines: readingOrder(lines).map((line) => ({ ...line, box: scaled(line.box, scale) })) }
  }

  async #detect(picture: RgbPicture, job: JobOptions): Promise<LinePiece[]> {
    const scale = picture.width * picture.height <= smallPixels ? smallScale : usualScale
    const parts = contentParts(picture).flatMap((part) => tiles(part, tileWidth, tileHeight))
    const boxes: Box[] = []
    for (const [at, part] of parts.entries()) {
      stopIfAsked(job)
      job.onProgress?.({ stage: 'looking', done: at, total: parts.length, unit: 'items' })
      for (const { box } of await this.#detector.detect(picture, part, scale)) boxes.push(box)
    }
    return joinAcrossTiles(boxes).flatMap((box) => (isUpright(box) ? [{ box, gaps: [] }] : linePieces(picture, box)))
  }

  async #readLine(picture: RgbPicture, { box, gaps }: LinePiece): Promise<TextLine | undefined> {
    let rotation: TextLine['rotation'] = isUpright(box) ? 90 : 0
    let read: ReadLine = await this.#recogniser.read(picture, { box, rotation })
    if (rotation === 90) {
      const other = await this.#recogniser.read(picture, { box, rotation: 270 })
      if (other.confidence > read.confidence) {
        read = other
        rotation = 270
      }
    }
    const text = writtenSigns(withMissingSpaces(read, gaps, { length: box.width, height: box.height }))
    const least = [...text].length === 1 ? leastConfidenceAlone : leastConfidence
    if (text === '' || read.confidence < least) return
    return { text, box, confidence: read.confidence, rotation }
  }
}

function isUpright({ width, height }: Box): boolean {
  return height > upright * width
}

/** The runtime's worker threads would spin between operators and take time from the model that answers. */
async function openSession(model: Uint8Array, threads: number): Promise<InferenceSession> {
  return InferenceSession.create(leanGraph(model), {
    executionProviders: ['cpu'],
    ...(threads > 0 ? { intraOpNumThreads: threads } : {}),
    graphOptimizationLevel: 'all',
    // Every line has a width of its own: patterns of memory would be kept for each.
    enableMemPattern: false,
    logSeverityLevel: 3,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  })
}

function stopIfAsked({ signal }: JobOptions): void {
  if (signal?.aborted) throw new OwlError('cancelled', 'Reading was stopped.')
}

function scaled(box: Box, { x, y }: { x: number; y: number }): Box {
  const left = Math.round(box.left * x)
  const top = Math.round(box.top * y)
  return {
    left,
    top,
    width: Math.round((box.left + box.width) * x) - left,
    height: Math.round((box.top + box.height) * y) - top,
  }
}
