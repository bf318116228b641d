/**
 * Draws a sheet of samples with their questions and answers, for looking at what a shard will teach.
 *
 * Usage: npx tsx native-models/training/renderers/contact-sheet.ts --out sheet.png --samples 12 --seed 1 [--kinds dialog]
 *        [--split test] [--size 224] [--labels]
 */
import { writeFileSync } from 'node:fs'
import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas'
import { Command, Option } from 'commander'
import { COLOURS, ELEMENTS, GLYPHS } from './label-map.ts'
import { drawSample, kindSchedule, type Sample } from './sample.ts'
import type { Scene } from './scene.ts'
import { PATCH } from './shard.ts'
import { SPLITS, type Split } from './split.ts'
import { Vocabulary } from './vocabulary.ts'

const options = new Command('contact-sheet')
  .requiredOption('--out <file>', 'PNG to write')
  .option('--samples <count>', 'number of samples', Number, 12)
  .option('--seed <number>', 'seed', Number, 1)
  .option('--size <pixels>', 'side of a picture', Number, 224)
  .addOption(new Option('--split <name>').choices(SPLITS).default('train'))
  .option('--kinds <names>', 'only these kinds, separated by commas')
  .option('--labels', 'write the patch classes over the pictures')
  .parse()
  .opts<{ out: string; samples: number; seed: number; size: number; split: Split; kinds?: string; labels?: boolean }>()

const COLUMNS = 4
const SHOWN = 224
const CELL = { w: 460, h: 420 }
const vocabulary = new Vocabulary(options.split)
const schedule = kindSchedule(options.seed, options.kinds?.split(','))
const sheet = createCanvas(COLUMNS * CELL.w, Math.ceil(options.samples / COLUMNS) * CELL.h)
const context = sheet.getContext('2d')
context.fillStyle = '#ffffff'
context.fillRect(0, 0, sheet.width, sheet.height)
const pool: Scene[] = []
for (let index = 0; index < options.samples; index++) {
  const sample = drawSample(
    schedule[index % schedule.length] as string,
    options.seed,
    index,
    vocabulary,
    options.size,
    pool,
  )
  drawCell(context, sample, (index % COLUMNS) * CELL.w, Math.floor(index / COLUMNS) * CELL.h)
}
writeFileSync(options.out, sheet.toBuffer('image/png'))

function drawCell(to: SKRSContext2D, sample: Sample, x: number, y: number): void {
  const side = sample.scenes.length === 1 ? SHOWN : Math.floor((CELL.w - 10) / sample.scenes.length) - 4
  sample.scenes.forEach((scene, at) => {
    const left = x + 4 + at * (side + 4)
    to.drawImage(scene.canvas, left, y + 4, side, side)
    to.strokeStyle = '#cccccc'
    to.strokeRect(left, y + 4, side, side)
    if (options.labels) drawLabels(to, scene, left, y + 4, side)
  })
  to.fillStyle = '#000000'
  to.font = '11px "DejaVu Sans"'
  const beside = sample.scenes.length === 1 ? x + SHOWN + 12 : x + 6
  const notes = [sample.kind, `text: ${sample.text.join(' / ')}`]
  let baseline = sample.scenes.length === 1 ? y + 14 : y + side + 20
  for (const note of notes)
    for (const line of broken(note, sample.scenes.length === 1 ? 38 : 78)) {
      to.fillText(line, beside, baseline)
      baseline += 13
    }
  baseline = Math.max(baseline, y + side + 20)
  for (const { kind, question, answer } of sample.questions) {
    for (const line of broken(
      `[${kind}] ${question.replace('\nAnswer the question using a single word or phrase.', ' (word)').replace('\n', ' ')} -> ${answer}`,
      78,
    )) {
      to.fillText(line, x + 6, baseline)
      baseline += 13
    }
  }
}

function drawLabels(to: SKRSContext2D, scene: Scene, left: number, top: number, side: number): void {
  const grid = options.size / PATCH
  const labels = scene.labels(grid)
  const cell = side / grid
  for (let row = 0; row < grid; row++)
    for (let column = 0; column < grid; column++) {
      const at = (row * grid + column) * 3
      const [element, colour, glyph] = [labels[at] as number, labels[at + 1] as number, labels[at + 2] as number]
      if (element === 0) continue
      to.fillStyle = `hsla(${(element * 47) % 360}, 90%, 50%, 0.55)`
      to.fillRect(left + column * cell, top + row * cell, cell, cell)
      to.fillStyle = '#000000'
      to.font = '8px "DejaVu Sans"'
      const note = glyph > 0 ? (GLYPHS[glyph] as string) : (ELEMENTS[element] as string).slice(0, 3)
      to.fillText(
        colour > 0 ? `${note}${(COLOURS[colour] as string)[0]}` : note,
        left + column * cell,
        top + row * cell + 9,
      )
    }
}

function broken(text: string, width: number): string[] {
  const lines: string[] = ['']
  for (const word of text.split(' ')) {
    const last = lines.length - 1
    if (`${lines[last]} ${word}`.length > width) lines.push(word)
    else lines[last] = `${lines[last]} ${word}`.trim()
  }
  return lines
}
