/**
 * Writes an evaluation set from a test shard: `NAME.jsonl` and PNG pictures beside it.
 *
 * Usage: npx tsx native-models/training/renderers/evaluation-set.ts --shard FOLDER --out FOLDER --name real-windows --samples 160
 *
 * With --captions, a set of captions instead: one line a sample, which also has `facts`, by which captions are scored.
 *
 * A line of the file: `{ "images": ["pictures/0001.png"], "question": ..., "answers": [...], "kind": ..., "text": [...] }`;
 * `text` is what a perfect reader would return for the pictures, line by line.
 */
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import sharp from 'sharp'
import type { Question } from './questions.ts'
import { Random } from './random.ts'

/** Questions kept a sample, of those it has with a short answer. */
const QUESTIONS_PER_SAMPLE = 6
/** Questions after which a group is full. */
const GROUP_SIZE = 64

interface Row {
  kind: string
  pictures: number[]
  text: string[]
  facts: string[]
  questions: Question[]
}

const options = new Command('evaluation-set')
  .requiredOption('--shard <folder>', 'test shard to choose from')
  .requiredOption('--out <folder>', 'folder to write')
  .requiredOption('--name <name>', 'name of the set')
  .option('--samples <count>', 'number of samples', Number, 640)
  .option('--captions', 'ask for captions only')
  .parse()
  .opts<{ shard: string; out: string; name: string; samples: number; captions?: boolean }>()

const meta = JSON.parse(readFileSync(join(options.shard, 'meta.json'), 'utf8'))
if (meta.split !== 'test') {
  throw new Error(
    `${options.shard} is a ${meta.split} shard, and a set from it would test what was trained. Choose a test shard.`,
  )
}
const file = join(options.out, `${options.name}.jsonl`)
if (existsSync(file)) {
  throw new Error(
    `${file} exists already, and a set that scores were measured on must not change. Choose another name.`,
  )
}
mkdirSync(join(options.out, 'pictures'), { recursive: true })

/** Samples of each kind that are still to be had. */
const waiting = new Map<string, Row[]>()
for (const line of readFileSync(join(options.shard, 'samples.jsonl'), 'utf8').trim().split('\n')) {
  const row: Row = JSON.parse(line)
  if (options.captions && !row.questions.some((question) => question.kind === 'caption')) continue
  waiting.set(row.kind, [...(waiting.get(row.kind) ?? []), row])
}
/** Questions so far: by group, and by group and answer. */
const asked = new Map<string, number>()
/** Samples taken and groups asked, by kind of sample. */
const taken = new Map<string, { samples: number; groups: Set<string> }>(
  [...waiting.keys()].map((kind) => [kind, { samples: 0, groups: new Set() }]),
)
const random = new Random(meta.seed)
const pixels = openSync(join(options.shard, 'pictures.rgb'), 'r')
const lines: {
  images: string[]
  question: string
  answers: string[]
  kind: string
  text: string[]
  facts?: string[]
}[] = []
let pictures = 0
for (let index = 0; index < options.samples; index++) {
  const kinds = [...waiting.keys()].filter((kind) => waiting.get(kind)!.length > 0)
  if (kinds.length === 0) break
  const kind = options.captions ? leastTaken(kinds) : index % 2 === 0 ? random.pick(kinds) : neediest(kinds)
  const row = waiting.get(kind)!.shift()!
  taken.get(kind)!.samples++
  const images: string[] = []
  for (const picture of row.pictures) {
    const image = `pictures/${String(++pictures).padStart(4, '0')}.png`
    await writePng(picture, join(options.out, image))
    images.push(image)
  }
  const questions = options.captions
    ? row.questions.filter((question) => question.kind === 'caption')
    : rarest(kind, row.questions)
  for (const { question, answers, kind: group } of questions) {
    lines.push({
      images,
      question,
      answers,
      kind: group,
      text: row.text,
      ...(options.captions ? { facts: row.facts } : {}),
    })
  }
}
closeSync(pixels)
// A group with one answer throughout measures nothing.
const kept = lines.filter(({ kind, answers }) =>
  lines.some((other) => other.kind === kind && other.answers[0] !== answers[0]),
)
writeFileSync(file, `${kept.map((line) => JSON.stringify(line)).join('\n')}\n`)
console.log(`${file}: ${pictures} pictures, ${kept.length} questions`)

function leastTaken(kinds: readonly string[]): string {
  return kinds.reduce((least, kind) => (taken.get(kind)!.samples < taken.get(least)!.samples ? kind : least))
}

/** The kind of sample whose groups lack the most questions, given how often it was taken already. */
function neediest(kinds: readonly string[]): string {
  const need = (kind: string) => {
    const { samples, groups } = taken.get(kind)!
    const missing = [...groups].map((group) => Math.max(0, GROUP_SIZE / 2 - (asked.get(group) ?? 0)) ** 2)
    return missing.reduce((sum, one) => sum + one, 0) / (1 + samples)
  }
  return kinds.reduce((most, kind) => (need(kind) > need(most) ? kind : most))
}

/** The questions whose groups and answers are the least filled so far, so that rare groups and both of yes and no fill up. */
function rarest(kind: string, questions: readonly Question[]): Question[] {
  const filled = (question: Question) => (asked.get(question.kind) ?? 0) + 2 * (asked.get(answerKey(question)) ?? 0)
  const chosen = questions
    .filter((question) => question.form !== 'sentence' && (asked.get(question.kind) ?? 0) < GROUP_SIZE)
    .sort((a, b) => filled(a) - filled(b))
    .slice(0, QUESTIONS_PER_SAMPLE)
  for (const question of chosen) {
    taken.get(kind)!.groups.add(question.kind)
    for (const key of [question.kind, answerKey(question)]) asked.set(key, (asked.get(key) ?? 0) + 1)
  }
  return chosen
}

function answerKey({ kind, answers }: Question): string {
  return `${kind}: ${answers[0]}`
}

async function writePng(picture: number, path: string): Promise<void> {
  const { size } = meta
  const bytes = Buffer.alloc(size * size * 3)
  readSync(pixels, bytes, 0, bytes.length, picture * bytes.length)
  await sharp(bytes, { raw: { width: size, height: size, channels: 3 } })
    .png({ palette: true, colours: 128, dither: 0, compressionLevel: 9, effort: 10 })
    .toFile(path)
}
