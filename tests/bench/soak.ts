/**
 * Captions new pictures for so many minutes and records the memory of both processes:
 *
 *   npx tsx tests/bench/soak.ts MINUTES [--model FOLDER] [--record]
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { captionSettingsSchema } from '../../src-main/core/captions/caption-settings.ts'
import { Captions } from '../../src-main/core/captions/captions.ts'
import { CaptionStore } from '../../src-main/storage/caption-store.ts'
import { Database } from '../../src-main/storage/database.ts'
import { writeDialogs } from './caption-pictures.ts'
import { projectFolder, withModel } from './measure.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    model: { type: 'string', default: join(projectFolder, 'native-models/owl-mini') },
    record: { type: 'boolean', default: false },
  },
})
const minutes = Number(positionals[0])
if (!(minutes > 0)) {
  console.error('Usage: npx tsx tests/bench/soak.ts MINUTES [--model FOLDER] [--record]')
  process.exit(2)
}

const picturesOfARound = 64
const sampleMs = 30_000
const mebibyte = 2 ** 20
const start = performance.now()
const elapsed = () => (performance.now() - start) / 60_000

/** Minutes since the start, pictures captioned, and memory held, in MiB. */
interface Sample {
  minute: number
  pictures: number
  main: number
  inference: number
}

const folder = await mkdtemp(join(tmpdir(), 'owl-soak-'))
const database = await Database.open(join(folder, 'owl.sqlite'))
const samples: Sample[] = []
try {
  await withModel({ modelFolder: values.model, threads: 0 }, async (client) => {
    let pictures = 0
    const sample = async () => {
      const inference = await client.residentBytes()
      const taken = {
        minute: Number(elapsed().toFixed(2)),
        pictures,
        main: Math.round(process.memoryUsage.rss() / mebibyte),
        inference: Math.round(inference / mebibyte),
      }
      samples.push(taken)
      console.log(JSON.stringify(taken))
    }
    const timer = setInterval(() => void sample(), sampleMs)
    const captions = new Captions(new CaptionStore(database), client)
    const settings = captionSettingsSchema.parse({ existing: 'overwrite', maxTokens: 48 })
    while (elapsed() < minutes) {
      await writeDialogs(join(folder, 'pictures'), picturesOfARound, pictures)
      const job = captions.add([join(folder, 'pictures')], settings)
      await captions.work(job, new AbortController().signal)
      if (captions.job(job).counts.written !== picturesOfARound) throw new Error('A picture got no caption.')
      pictures += picturesOfARound
    }
    clearInterval(timer)
    await sample()
  })
} finally {
  database.close()
  await rm(folder, { recursive: true, force: true })
}

if (values.record) {
  const results = join(import.meta.dirname, 'results')
  await mkdir(results, { recursive: true })
  const file = join(results, `soak-${Math.round(elapsed())}-minutes.json`)
  const machine = { cpu: cpus()[0]?.model.trim(), cores: cpus().length, node: process.version }
  const entry = { date: new Date().toISOString(), machine, minutes: Number(elapsed().toFixed(1)), samples }
  await writeFile(file, `${JSON.stringify(entry, null, 2)}\n`)
  console.log(`Recorded in ${file}`)
}
