import { writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import sharp from 'sharp'
import { type AttentionAnalysis, greedy } from '../../src-main/inference/protocol.ts'
import { type BenchContext, type Figure, type Measure, projectFolder, userTurn, withModel } from './measure.ts'

const pictureCount = 200
const size = 224

/** A picture with one object on a plain ground, and the object's box as parts of the picture. */
interface OneObject {
  colour: string
  shape: string
  box: { x: number; y: number; width: number; height: number }
  bytes: Uint8Array
}

const colours = { red: '#d23b2f', green: '#2f8f4e', blue: '#2f5fd2', yellow: '#e0b020', purple: '#8040b0' }
const shapes = {
  circle: (x: number, y: number, r: number) => `<circle cx="${x}" cy="${y}" r="${r}"/>`,
  square: (x: number, y: number, r: number) => `<rect x="${x - r}" y="${y - r}" width="${2 * r}" height="${2 * r}"/>`,
  triangle: (x: number, y: number, r: number) => `<path d="M${x} ${y - r}L${x + r} ${y + r}H${x - r}Z"/>`,
}

/**
 * Where the model looks while it answers (paper, section 4.4): the share of its attention on the picture, layer by
 * layer, for questions about it and for others; and how much of what goes to the picture lands on its one object,
 * against attention spread evenly. `figures/attention.svg` beside the model's card is drawn from it, of
 * another model `attention-NAME.svg`.
 */
export const attention: Measure = {
  name: 'attention',
  async run(context: BenchContext): Promise<Figure[]> {
    return withModel(context, async (client) => {
      const ask = async (object: OneObject, question: string): Promise<AttentionAnalysis> => {
        const hash = `${object.colour} ${object.shape} ${JSON.stringify(object.box)}`
        const asked = userTurn(question, { hash, name: 'picture', source: { bytes: object.bytes } })
        const { text } = await client.generate({ messages: [asked], sampling: { ...greedy, maxTokens: 4 } })
        const answer = { role: 'assistant' as const, parts: [{ type: 'text' as const, text: text || '?' }] }
        return client.analyse({ messages: [asked, answer], from: 0, to: Math.max(1, text.length) })
      }

      const related: number[][] = []
      const unrelated: number[][] = []
      const ratios: number[][] = []
      for (let index = 0; index < pictureCount; index++) {
        const object = await drawObject(index)
        const about = await ask(object, 'What shape is in the picture?')
        related.push(about.layers.map(({ visual }) => visual))
        const [picture] = about.pictures
        ratios.push(picture!.heat.map((heat) => shareInBox(heat, picture!.side, object.box)))
        if (index % 4 === 0) {
          const other = await ask(object, 'What is the capital of France?')
          unrelated.push(other.layers.map(({ visual }) => visual))
        }
      }
      const [relatedShare, unrelatedShare, ratio] = [meanByLayer(related), meanByLayer(unrelated), meanByLayer(ratios)]
      const best = ratio.indexOf(Math.max(...ratio))
      const name = basename(context.modelFolder)
      const file = name === 'owl-mini' ? 'attention.svg' : `attention-${name}.svg`
      await writeFile(
        join(projectFolder, 'native-models/owl-mini/figures', file),
        drawing(relatedShare, unrelatedShare),
      )
      return [
        { name: 'on the picture, question about it', value: 100 * mean(relatedShare), unit: '%' },
        { name: 'on the picture, other question', value: 100 * mean(unrelatedShare), unit: '%' },
        { name: 'on the object, against even, all layers', value: mean(ratio), unit: 'x' },
        { name: `on the object, against even, layer ${best + 1}`, value: ratio[best]!, unit: 'x' },
      ]
    })
  },
}

/** The same picture for the same index. */
async function drawObject(index: number): Promise<OneObject> {
  // Odd steps walk through all places and sizes without chance.
  const part = (step: number) => ((index * step) % 97) / 97
  const radius = 18 + 22 * part(13)
  const x = radius + 4 + (size - 2 * radius - 8) * part(29)
  const y = radius + 4 + (size - 2 * radius - 8) * part(53)
  const colour = Object.keys(colours)[index % 5] as keyof typeof colours
  const shape = Object.keys(shapes)[index % 3] as keyof typeof shapes
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}">` +
    `<rect width="100%" height="100%" fill="#f2f2ee"/><g fill="${colours[colour]}">${shapes[shape](x, y, radius)}</g></svg>`
  const bytes = new Uint8Array(await sharp(Buffer.from(svg)).png().toBuffer())
  const box = {
    x: (x - radius) / size,
    y: (y - radius) / size,
    width: (2 * radius) / size,
    height: (2 * radius) / size,
  }
  return { colour, shape, box, bytes }
}

/** Attention in a box against what it would have if all patches had the same; patches count by their overlap. */
function shareInBox(heat: ArrayLike<number>, side: number, { x, y, width, height }: OneObject['box']): number {
  let inside = 0
  let all = 0
  const overlap = (patch: number, start: number, length: number) =>
    Math.max(0, Math.min((patch + 1) / side, start + length) - Math.max(patch / side, start)) * side
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const value = heat[row * side + column]!
      all += value
      inside += value * overlap(column, x, width) * overlap(row, y, height)
    }
  }
  return inside / all / (width * height)
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

function meanByLayer(samples: readonly number[][]): number[] {
  return samples[0]!.map((_, layer) => mean(samples.map((sample) => sample[layer]!)))
}

/** Two curves over the layers. */
function drawing(related: readonly number[], unrelated: readonly number[]): string {
  const [width, height, left, bottom] = [560, 260, 44, 32]
  const highest = Math.max(...related, ...unrelated, 0.01) * 1.1
  const point = (value: number, layer: number) =>
    `${(left + ((width - left - 12) * layer) / (related.length - 1)).toFixed(1)},` +
    `${((height - bottom) * (1 - value / highest) + 8).toFixed(1)}`
  const curve = (values: readonly number[], colour: string) =>
    `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${values.map(point).join(' ')}"/>`
  const text = (x: number, y: number, words: string, colour = '#555') =>
    `<text x="${x}" y="${y}" font-family="sans-serif" font-size="12" fill="${colour}">${words}</text>`
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    '<rect width="100%" height="100%" fill="#fff"/>',
    `<path d="M${left} 8V${height - bottom + 8}H${width - 12}" fill="none" stroke="#999"/>`,
    curve(related, '#1f6357'),
    curve(unrelated, '#c07f10'),
    text(4, 18, `${Math.round(100 * highest)} %`),
    text(4, height - bottom + 8, '0 %'),
    text(left, height - 8, 'layer 1'),
    text(width - 60, height - 8, `layer ${related.length}`),
    text(width / 2 - 90, height - 8, 'question about the picture', '#1f6357'),
    text(width / 2 + 80, height - 8, 'other question', '#c07f10'),
    '</svg>',
  ].join('\n')}\n`
}
