/**
 * Draws a sheet of a shard's samples with their questions and answers, for looking at what it will teach.
 *
 * Usage: npx tsx native-models/training/renderers/contact-sheet.ts --shard FOLDER --out sheet.png [--from 0] [--samples 12]
 *        [--kinds dialog,form] [--labels]
 */
import { closeSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas'
import { Command } from 'commander'
import { type Question, WORD_SUFFIX } from './questions.ts'

const COLUMNS = 4
const SHOWN = 224
const CELL = { w: 460, h: 420 }
const LINE = 13

interface Row {
  kind: string
  pictures: number[]
  text: string[]
  questions: Question[]
}

const options = new Command('contact-sheet')
  .requiredOption('--shard <folder>', 'shard to show')
  .requiredOption('--out <file>', 'PNG to write')
  .option('--from <number>', 'first sample', Number, 0)
  .option('--samples <count>', 'number of samples', Number, 12)
  .option('--kinds <names>', 'only these kinds, separated by commas')
  .option('--labels', 'write the patch classes over the pictures')
  .parse()
  .opts<{ shard: string; out: string; from: number; samples: number; kinds?: string; labels?: boolean }>()

const meta = JSON.parse(readFileSync(join(options.shard, 'meta.json'), 'utf8'))
const grid: number = meta.size / meta.patch
const kinds = options.kinds?.split(',')
const rows = readFileSync(join(options.shard, 'samples.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line): Row => JSON.parse(line))
  .filter((row) => kinds === undefined || kinds.includes(row.kind))
  .slice(options.from, options.from + options.samples)
const sheet = createCanvas(COLUMNS * CELL.w, Math.ceil(rows.length / COLUMNS) * CELL.h)
const context = sheet.getContext('2d')
context.fillStyle = '#ffffff'
context.fillRect(0, 0, sheet.width, sheet.height)
rows.forEach((row, index) => {
  drawCell(context, row, (index % COLUMNS) * CELL.w, Math.floor(index / COLUMNS) * CELL.h)
})
writeFileSync(options.out, sheet.toBuffer('image/png'))

function drawCell(to: SKRSContext2D, row: Row, x: number, y: number): void {
  const several = row.pictures.length > 1
  const side = several ? Math.floor((CELL.w - 10) / row.pictures.length) - 4 : SHOWN
  row.pictures.forEach((picture, at) => {
    const left = x + 4 + at * (side + 4)
    drawPicture(to, picture, left, y + 4, side)
    if (options.labels) drawLabels(to, picture, left, y + 4, side)
  })
  to.fillStyle = '#000000'
  to.font = '11px "DejaVu Sans"'
  let baseline = several ? y + side + 20 : y + 14
  const write = (text: string, left: number, width: number) => {
    for (const line of broken(text, width)) {
      to.fillText(line, left, baseline)
      baseline += LINE
    }
  }
  for (const note of [row.kind, `text: ${row.text.join(' / ')}`])
    write(note, several ? x + 6 : x + SHOWN + 12, several ? 78 : 38)
  baseline = Math.max(baseline, y + side + 20)
  for (const { kind, question, answer } of row.questions) {
    write(`[${kind}] ${question.replace(WORD_SUFFIX, ' (word)').replace('\n', ' ')} -> ${answer}`, x + 6, 78)
  }
}

function drawPicture(to: SKRSContext2D, picture: number, left: number, top: number, side: number): void {
  const { size } = meta
  const rgb = slice('pictures.rgb', picture, size * size * 3)
  const canvas = createCanvas(size, size)
  const image = canvas.getContext('2d').createImageData(size, size)
  for (let pixel = 0; pixel < size * size; pixel++) {
    image.data.set(rgb.subarray(pixel * 3, pixel * 3 + 3), pixel * 4)
    image.data[pixel * 4 + 3] = 255
  }
  canvas.getContext('2d').putImageData(image, 0, 0)
  to.drawImage(canvas, left, top, side, side)
  to.strokeStyle = '#cccccc'
  to.strokeRect(left, top, side, side)
}

function drawLabels(to: SKRSContext2D, picture: number, left: number, top: number, side: number): void {
  const labels = slice('labels.u8', picture, grid * grid * 3)
  const cell = side / grid
  for (let patch = 0; patch < grid * grid; patch++) {
    const [element, colour, glyph] = labels.subarray(patch * 3, patch * 3 + 3) as unknown as [number, number, number]
    if (element === 0) continue
    const x = left + (patch % grid) * cell
    const y = top + Math.floor(patch / grid) * cell
    to.fillStyle = `hsla(${(element * 47) % 360}, 90%, 50%, 0.55)`
    to.fillRect(x, y, cell, cell)
    to.fillStyle = '#000000'
    to.font = '8px "DejaVu Sans"'
    const note: string = glyph > 0 ? meta.glyphs[glyph] : meta.elements[element].slice(0, 3)
    to.fillText(colour > 0 ? note + meta.colours[colour][0] : note, x, y + 9)
  }
}

function slice(file: string, index: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  const handle = openSync(join(options.shard, file), 'r')
  readSync(handle, bytes, 0, length, index * length)
  closeSync(handle)
  return bytes
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
