/**
 * Writes an evaluation set from the test split: `NAME.jsonl` and PNG pictures beside it.
 *
 * Usage: npx tsx native-models/training/renderers/evaluation-set.ts --out FOLDER --name held-out --samples 640 --seed 9001
 *
 * A line of the file: `{ "images": ["pictures/0001.png"], "question": ..., "answers": [...], "kind": ..., "text": [...] }`;
 * `text` is what a perfect reader would return for the pictures, line by line.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import sharp from 'sharp'
import { requireFonts } from './fonts.ts'
import { KINDS } from './kinds.ts'
import type { Question } from './questions.ts'
import { drawSample } from './sample.ts'
import type { Scene } from './scene.ts'
import { Vocabulary } from './vocabulary.ts'

/** Questions kept a sample, of those it has with a short answer. */
const QUESTIONS_PER_SAMPLE = 6
/** Questions after which a group is full. */
const GROUP_SIZE = 64

const options = new Command('evaluation-set')
  .requiredOption('--out <folder>', 'folder to write')
  .option('--name <name>', 'name of the set', 'held-out')
  .option('--samples <count>', 'number of samples', Number, 640)
  .option('--seed <number>', 'seed', Number, 9001)
  .option('--size <pixels>', 'side of a picture', Number, 224)
  .parse()
  .opts<{ out: string; name: string; samples: number; seed: number; size: number }>()

requireFonts()
const file = join(options.out, `${options.name}.jsonl`)
if (existsSync(file))
  throw new Error(`${file} exists already. A set that scores were measured on must not change: choose another name.`)
mkdirSync(join(options.out, 'pictures'), { recursive: true })
const vocabulary = new Vocabulary('test')
const kinds = Object.keys(KINDS)
const pool: Scene[] = []
const lines: string[] = []
/** Questions so far: by group, and by group and answer. */
const asked = new Map<string, number>()
/** The groups each kind of sample has asked. */
const groupsOf = new Map<string, Set<string>>(kinds.map((kind) => [kind, new Set<string>()]))
/** Samples drawn of each kind. */
const drawn = new Map<string, number>()
let pictures = 0
for (let index = 0; index < options.samples; index++) {
  const kind = index % 2 === 0 ? kinds[(index / 2) % kinds.length]! : neediestKind()
  const sample = drawSample(kind, options.seed, index, vocabulary, options.size, pool, Number.POSITIVE_INFINITY)
  drawn.set(kind, (drawn.get(kind) ?? 0) + 1)
  const images: string[] = []
  for (const scene of sample.scenes) {
    const image = `pictures/${String(++pictures).padStart(4, '0')}.png`
    writeFileSync(join(options.out, image), await png(scene))
    images.push(image)
  }
  for (const { question, answers, kind: group } of rarest(kind, sample.questions)) {
    lines.push(JSON.stringify({ images, question, answers, kind: group, text: sample.text }))
  }
}
writeFileSync(file, `${lines.join('\n')}\n`)
console.log(`${file}: ${pictures} pictures, ${lines.length} questions`)

/** The kind of sample whose groups lack the most questions, given how often it was drawn already. */
function neediestKind(): string {
  const need = (kind: string) => {
    const missing = [...groupsOf.get(kind)!].reduce(
      (sum, group) => sum + Math.max(0, GROUP_SIZE / 2 - (asked.get(group) ?? 0)) ** 2,
      0,
    )
    return missing / (1 + (drawn.get(kind) ?? 0))
  }
  return kinds.reduce((neediest, kind) => (need(kind) > need(neediest) ? kind : neediest))
}

/** The questions whose groups and answers are the least filled so far, so that rare groups and both of yes and no fill up. */
function rarest(sampleKind: string, questions: readonly Question[]): Question[] {
  const filled = ({ kind, answers }: Question) => (asked.get(kind) ?? 0) + 2 * (asked.get(`${kind} ${answers[0]}`) ?? 0)
  const chosen = questions
    .filter(({ form, kind }) => form !== 'sentence' && (asked.get(kind) ?? 0) < GROUP_SIZE)
    .sort((a, b) => filled(a) - filled(b))
    .slice(0, QUESTIONS_PER_SAMPLE)
  for (const { kind, answers } of chosen) {
    groupsOf.get(sampleKind)?.add(kind)
    for (const key of [kind, `${kind} ${answers[0]}`]) asked.set(key, (asked.get(key) ?? 0) + 1)
  }
  return chosen
}

function png(scene: Scene): Promise<Buffer> {
  const raw = { width: scene.size, height: scene.size, channels: 3 as const }
  return sharp(scene.pixels(), { raw })
    .png({ palette: true, colours: 128, dither: 0, compressionLevel: 9, effort: 10 })
    .toBuffer()
}
