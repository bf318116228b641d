import { mkdir, writeFile } from 'node:fs/promises'
import { arch, cpus, totalmem, type } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { attention } from './attention.ts'
import { captionQueue } from './caption-queue.ts'
import { captions } from './captions.ts'
import { cloneSize } from './clone-size.ts'
import { coldStart } from './cold-start.ts'
import { decodeSpeed } from './decode-speed.ts'
import { decoder } from './decoder.ts'
import { followUp } from './follow-up.ts'
import { gpu } from './gpu.ts'
import { growth } from './growth.ts'
import { history } from './history.ts'
import { install } from './install.ts'
import { int4Quality } from './int4-quality.ts'
import { longChat } from './long-chat.ts'
import type { Figure } from './measure.ts'
import { processEntry, projectFolder } from './measure.ts'
import { memory } from './memory.ts'
import { operatorTable } from './operator-table.ts'
import { reading } from './reading.ts'
import { videoFollowUp } from './video-follow-up.ts'
import { visionEncoder } from './vision-encoder.ts'

// A comparison with a peer is a measure like any other: both sides in one run, taking turns, as a ratio.
const measures = [
  coldStart,
  decodeSpeed,
  followUp,
  videoFollowUp,
  captions,
  captionQueue,
  memory,
  cloneSize,
  reading,
  history,
]
/** Only by name: they take long, or much of the disk, or need a browser. */
const onRequest = [longChat, install, attention, int4Quality, decoder, growth, visionEncoder, gpu]

const all = [...measures, ...onRequest]

function refuse(why: string): never {
  console.error(`${why} There are: ${all.map(({ name }) => name).join(', ')}.`)
  console.error('Usage: npm run bench [-- NAME... --model FOLDER --threads N --profile --record --note TEXT]')
  process.exit(2)
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        model: { type: 'string', default: join(projectFolder, 'native-models/owl-mini') },
        threads: { type: 'string', default: '0' },
        record: { type: 'boolean', default: false },
        profile: { type: 'boolean', default: false },
        /** Kept in the record: what else the machine was doing. */
        note: { type: 'string', default: '' },
      },
    })
  } catch (error) {
    return refuse(`${(error as Error).message}.`)
  }
}

const { values, positionals } = readArguments()
const unknown = positionals.filter((name) => !all.some((measure) => measure.name === name))
if (unknown.length > 0) refuse(`No measure is called ${unknown.join(', ')}.`)
const chosen = positionals.length > 0 ? all.filter(({ name }) => positionals.includes(name)) : measures

if (values.profile) {
  console.log(await operatorTable({ modelFolder: values.model, threads: Number(values.threads) }))
  process.exit()
}

const results: Record<string, Figure[]> = {}
for (const measure of chosen) {
  const figures = await measure.run({ modelFolder: values.model, threads: Number(values.threads) })
  results[measure.name] = figures
  for (const { name, value, unit } of figures) {
    console.log(`${measure.name.padEnd(14)} ${name.padEnd(62)} ${digits(value).padStart(9)} ${unit}`)
  }
}

if (values.record) {
  const folder = join(import.meta.dirname, 'results')
  await mkdir(folder, { recursive: true })
  const date = new Date().toISOString()
  const machine = {
    cpu: cpus()[0]?.model.trim(),
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${arch()}`,
    node: process.version,
    note: values.note,
  }
  const file = join(folder, `${date.slice(0, 19).replaceAll(':', '-')}.json`)
  const entry = processEntry.endsWith('.ts') ? 'source' : 'built'
  await writeFile(
    file,
    `${JSON.stringify({ date, machine, entry, threads: Number(values.threads), results }, null, 2)}\n`,
  )
  console.log(`Recorded in ${file}`)
}

/** Three significant digits, without an exponent. */
function digits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3)
}
