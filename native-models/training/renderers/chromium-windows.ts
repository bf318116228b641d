/**
 * Renders a shard of windows drawn by Chromium: HTML and CSS of several component libraries, light and dark, in
 * several fonts and scales. Element boxes and glyph boxes come from the page itself.
 *
 * Usage: npx tsx native-models/training/renderers/chromium-windows.ts --out FOLDER --samples 4000 --seed 1 --size 224
 *        --split train [--sheet sheet.png] [--browser /usr/bin/chromium]
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Command, Option } from 'commander'
import { chromium, type Page } from 'playwright-core'
import sharp from 'sharp'
import { interfaceFont } from './fonts.ts'
import { styleSheet, type Toolkit, toolkits } from './html-toolkits.ts'
import { type HtmlWindow, htmlWindow } from './html-window.ts'
import { type Mark, patchLabels } from './label-map.ts'
import { darkGround, lightGround } from './palette.ts'
import { phraseSome } from './questions.ts'
import { Random } from './random.ts'
import { ShardWriter } from './shard.ts'
import { SPLITS, type Split } from './split.ts'
import { Vocabulary } from './vocabulary.ts'

/** Windows on one page, so that one screenshot serves many. */
const COLUMNS = 6
const ROWS = 5
const QUESTIONS = 7

const options = new Command('chromium-windows')
  .requiredOption('--out <folder>', 'shard to write')
  .requiredOption('--samples <count>', 'number of samples', Number)
  .option('--seed <number>', 'seed', Number, 1)
  .option('--size <pixels>', 'side of a picture', Number, 224)
  .addOption(new Option('--split <name>').choices(SPLITS).default('train'))
  .option('--browser <path>', 'Chromium to use', '/usr/bin/chromium')
  .option('--sheet <file>', 'also write the last page as a PNG')
  .parse()
  .opts<{ out: string; samples: number; seed: number; size: number; split: Split; browser: string; sheet?: string }>()

interface Tile {
  x: number
  y: number
  w: number
  h: number
}

/** What the page tells of one tile; coordinates relative to it, in CSS pixels. */
interface Seen {
  marks: Mark[]
  lines: { text: string; x: number; y: number }[]
  /** The window itself. */
  window: { x: number; y: number; w: number; h: number }
  /** Text that is cut off makes the tile useless. */
  clipped: boolean
}

const vocabulary = new Vocabulary(options.split)
const writer = new ShardWriter(options.out, {
  size: options.size,
  seed: options.seed,
  split: options.split,
  source: 'chromium',
})
const browser = await chromium.launch({
  executablePath: options.browser,
  args: ['--font-render-hinting=none', '--hide-scrollbars'],
})
const start = performance.now()
let written = 0
let refused = 0
try {
  for (let batch = 0; written < options.samples; batch++) {
    const random = new Random(options.seed, { train: 1, validation: 2, test: 3 }[options.split], batch)
    // Larger pictures show both larger letters and more of the desktop.
    const tile = { w: random.integer(224, 290), h: random.integer(190, 270) }
    const enlarged = options.size / 224
    const zoom = options.size > 224 ? random.between(1.1, enlarged) : 1
    const size = { width: Math.round((tile.w * enlarged) / zoom), height: Math.round((tile.h * enlarged) / zoom) }
    const context = await browser.newContext({
      viewport: { width: COLUMNS * size.width, height: ROWS * size.height },
      deviceScaleFactor: zoom,
    })
    try {
      await drawBatch(await context.newPage(), random, size, zoom)
    } finally {
      await context.close()
    }
  }
} catch (error) {
  writer.abandon()
  throw error
} finally {
  await browser.close()
}
writer.finish()
const seconds = (performance.now() - start) / 1000
console.log(
  `${options.out}: ${written} samples in ${seconds.toFixed(1)} s, ${(written / seconds).toFixed(0)} pictures/s; ${refused} refused for cut-off text`,
)

async function drawBatch(
  page: Page,
  random: Random,
  size: { width: number; height: number },
  zoom: number,
): Promise<void> {
  const toolkit = random.pick(toolkits(options.split))
  const windows: HtmlWindow[] = []
  const tiles: Tile[] = []
  const markup: string[] = []
  for (let index = 0; index < COLUMNS * ROWS; index++) {
    const tile = {
      x: (index % COLUMNS) * size.width,
      y: Math.floor(index / COLUMNS) * size.height,
      w: size.width,
      h: size.height,
    }
    const window = htmlWindow(random, vocabulary, toolkit)
    windows.push(window)
    tiles.push(tile)
    const ground = random.chance(0.5) ? lightGround(random) : darkGround(random)
    const width = random.chance(0.2) ? tile.w : random.integer(Math.min(215, tile.w - 6), tile.w - 6)
    const left = random.integer(0, tile.w - width)
    markup.push(
      `<div class="tile" style="left:${tile.x}px;top:${tile.y}px;width:${tile.w}px;height:${tile.h}px;background:${ground}"><div class="place" style="left:${left}px;top:${random.integer(0, 24)}px;width:${width}px">${window.markup}</div></div>`,
    )
  }
  await page.setContent(document(random, toolkit, markup.join('')), { waitUntil: 'load' })
  // The TypeScript runner wraps named functions in a helper that the page does not have.
  await page.evaluate('globalThis.__name = (named) => named; document.fonts.ready.then(() => true)')
  const seen = await page.evaluate(readTiles, tiles)
  const png = await page.screenshot({ type: 'png', animations: 'disabled' })
  if (options.sheet !== undefined) writeFileSync(options.sheet, png)
  for (const [index, tile] of tiles.entries()) {
    if (written === options.samples) return
    const { marks, lines, window, clipped } = seen[index]!
    if (clipped) {
      refused++
      continue
    }
    const crop = croppedTo(random, window, tile)
    const area = {
      left: Math.round((tile.x + crop.x) * zoom),
      top: Math.round((tile.y + crop.y) * zoom),
      width: Math.floor(crop.w * zoom),
      height: Math.floor(crop.h * zoom),
    }
    const pixels = await sharp(png)
      .extract(area)
      .removeAlpha()
      .resize(options.size, options.size, { fit: 'fill', kernel: 'cubic' })
      .raw()
      .toBuffer()
    const moved = marks.map((mark) => ({ ...mark, x: mark.x - crop.x, y: mark.y - crop.y }))
    const scale = { x: options.size / crop.w, y: options.size / crop.h }
    const { kind, drawing } = windows[index]!
    writer.add({
      kind,
      scenes: [{ pixels: () => pixels, labels: (grid) => patchLabels(moved, { width: crop.w, height: crop.h }, grid) }],
      text: inReadingOrder(lines),
      caption: drawing.caption,
      facts: drawing.facts,
      boxes: moved.flatMap(({ element, text, x, y, w, h }) => {
        if (text === undefined) return []
        const across = { x: Math.round(x * scale.x), w: Math.round(w * scale.x) }
        return [{ element, text, ...across, y: Math.round(y * scale.y), h: Math.round(h * scale.y) }]
      }),
      questions: phraseSome(random, drawing.asks, QUESTIONS),
    })
    written++
  }
}

function document(random: Random, toolkit: Toolkit, body: string): string {
  const file = styleSheet(toolkit)
  const css = file === undefined ? '' : readFileSync(file, 'utf8').replace(/@charset[^;]*;/, '')
  const base = file === undefined ? '' : `<base href="${pathToFileURL(dirname(file))}/">`
  const font = interfaceFont(random, options.split)
  const px = random.integer(11, 14)
  const own =
    toolkit.frame === 'classic' && random.chance(0.5) ? '' : `.tile, .tile * { font-family: "${font}" !important }`
  const accent = random.pick(['#1f6fe0', '#0067c0', '#3584e4', '#0a7a5c', '#7048c8', '#c2410c'])
  return `<!doctype html><html><head><meta charset="utf-8">${base}<style>${css}</style><style>
html { font-size: ${px}px } body { margin: 0; padding: 0; overflow: hidden; background: #888 }
.tile { position: absolute; overflow: hidden; font-size: ${px}px; line-height: 1.35 } .place { position: absolute }
.tile * { box-sizing: border-box; animation: none !important; transition: none !important }
[data-scheme=dark] { color-scheme: dark } [data-scheme=light] { color-scheme: light }
.own { border: 1px solid #8886; box-shadow: 0 2px 8px #0005; overflow: hidden; accent-color: ${accent} }
.own .head { display: flex; align-items: center; gap: 6px; padding: 5px 9px; border-bottom: 1px solid #8883 } .own .name { flex: 1 } .own .bold { font-weight: bold }
.own .body { padding: 9px 10px } .foot { display: flex; gap: 6px; margin-top: 10px } .foot button { width: auto; margin: 0; ${toolkit.name === 'pico' ? 'padding: 4px 9px;' : ''} }
.message { display: flex; gap: 9px; align-items: flex-start } .message span { flex: none }
.field-pair { display: flex; gap: 8px; align-items: center; margin-bottom: 5px } .field-pair label { width: 34%; margin: 0 } .field-pair input { flex: 1; min-width: 0; margin: 0; ${toolkit.name === 'pico' ? 'height: 26px; padding: 2px 6px;' : ''} }
.choice { display: flex; gap: 6px; align-items: center; margin: 0 0 4px } .form-check { margin-bottom: 3px; min-height: 0 } .field-row { display: flex; margin-bottom: 5px }
.list { border: 1px solid #8888; background: ${toolkit.theme === undefined ? '#fff' : 'transparent'} } .item { padding: 2px 7px } .chosen, .chosen td { background: ${accent} !important; color: #fff !important }
.progress-row { display: flex; gap: 8px; align-items: center; margin-top: 7px } .own-progress { height: 13px; border: 1px solid #888; background: #fff } .own-progress div { height: 100%; background: ${accent} }
.tab-row { display: flex } .tab-cell { padding: 3px 8px } ${toolkit.name === 'bootstrap' ? '' : `.tab-cell.active { border-bottom: 3px solid ${accent} } .tab-cell:not(.active) { opacity: 0.65 }`}
.page { padding-top: 7px } table { width: 100%; margin: 0; font-size: inherit; border-collapse: collapse } th, td { text-align: left; padding: 2px 6px } .tabs { margin-bottom: 0 !important }
button.default { outline: 2px solid #000; outline-offset: -1px }
button.filled { background: ${accent}; color: #fff; border: 1px solid ${accent}; border-radius: 3px; padding: 3px 9px }
${own}</style></head><body>${body}</body></html>`
}

/** A screenshot around a window: of the window alone, or with some of the desktop; at most twice as wide as high. */
function croppedTo(random: Random, window: Seen['window'], tile: Tile): Seen['window'] {
  const alone = random.chance(0.25)
  const keep = () => (alone ? 0 : random.next())
  const left = Math.max(0, window.x) * keep()
  const top = Math.max(0, window.y) * keep()
  const right = Math.max(0, tile.w - window.x - window.w) * keep()
  const bottom = Math.max(0, tile.h - window.y - window.h) * keep()
  const x = Math.max(0, window.x - left)
  const y = Math.max(0, window.y - top)
  const w = Math.min(tile.w, window.x + window.w + right) - x
  const h = Math.min(tile.h - y, Math.max(w / 2, window.y + window.h + bottom - y))
  return { x, y, w, h }
}

function inReadingOrder(lines: Seen['lines']): string[] {
  const left = lines.slice().sort((a, b) => a.y - b.y || a.x - b.x)
  const ordered: string[] = []
  while (left.length > 0) {
    const top = left[0]!.y
    const row = left.filter((line) => line.y - top < 6).sort((a, b) => a.x - b.x)
    ordered.push(...row.map((line) => line.text))
    left.splice(0, left.length, ...left.filter((line) => line.y - top >= 6))
  }
  return ordered
}

/** Runs in the page: boxes of tagged elements and of every glyph, lines of text, and whether text is cut off. */
function readTiles(tiles: { x: number; y: number; w: number; h: number }[]): Seen[] {
  const measure = globalThis.document.createElement('canvas').getContext('2d')!
  return [...globalThis.document.querySelectorAll('.tile')].map((root, index) => {
    const tile = tiles[index]!
    const marks: Mark[] = []
    const lines: Seen['lines'] = []
    let clipped = false
    const frame = root.querySelector('.own, .window')!.getBoundingClientRect()
    const window = { x: frame.x - tile.x, y: frame.y - tile.y, w: frame.width, h: frame.height }
    if (window.y + window.h > tile.h) clipped = true
    const outside = (x: number, y: number, w: number, h: number) =>
      x < window.x - 1 || y < window.y - 1 || x + w > window.x + window.w + 1 || y + h > window.y + window.h + 1
    const addGlyph = (glyph: string, x: number, y: number, w: number, h: number) => {
      if (outside(x, y, w, h)) clipped = true
      if (glyph.trim() !== '') marks.push({ element: 'text', glyph, x, y, w, h })
    }
    for (const node of root.querySelectorAll<HTMLElement>('[data-element]')) {
      const box = node.getBoundingClientRect()
      const { element, name, colour, square } = node.dataset
      const mark = {
        element,
        text: name ?? '',
        x: box.x - tile.x,
        y: box.y - tile.y,
        w: square === undefined ? box.width : 14,
        h: box.height,
      } as Mark
      if (colour !== undefined) mark.colour = colour as Mark['colour'] & string
      if (name === '') delete mark.text
      if (element !== 'face' && element !== 'dark face' && outside(mark.x, mark.y, mark.w, mark.h)) clipped = true
      marks.push(mark)
      if (
        node.scrollWidth > node.clientWidth + 1 &&
        node.clientWidth > 0 &&
        getComputedStyle(node).display !== 'inline'
      )
        clipped = true
    }
    const walker = globalThis.document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const text = node.textContent ?? ''
      if (text.trim() === '' || node.parentElement?.closest('[data-silent]')) continue
      const range = globalThis.document.createRange()
      let line = { text: '', x: 0, y: Number.NEGATIVE_INFINITY }
      for (let at = 0; at < text.length; at++) {
        range.setStart(node, at)
        range.setEnd(node, at + 1)
        const box = range.getBoundingClientRect()
        if (box.width === 0) continue
        const [x, y] = [box.x - tile.x, box.y - tile.y]
        addGlyph(text[at]!, x, y, box.width, box.height)
        if (y - line.y > 4) {
          line = { text: '', x, y }
          lines.push(line)
        }
        line.text += text[at]
      }
    }
    for (const input of root.querySelectorAll<HTMLInputElement>('input[type=text]')) {
      if (input.value === '') continue
      const style = getComputedStyle(input)
      measure.font = style.font
      const box = input.getBoundingClientRect()
      let x = box.x - tile.x + Number.parseFloat(style.borderLeftWidth) + Number.parseFloat(style.paddingLeft)
      const px = Number.parseFloat(style.fontSize)
      const y = box.y - tile.y + (box.height - px) / 2
      lines.push({ text: input.value, x, y })
      for (const glyph of input.value) {
        const w = measure.measureText(glyph).width
        addGlyph(glyph, x, y, w, px)
        x += w
      }
      if (x > box.right - tile.x - 2) clipped = true
    }
    return {
      marks,
      lines: lines.map((line) => ({ ...line, text: line.text.trim() })).filter((line) => line.text !== ''),
      window,
      clipped,
    }
  })
}
