import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CaptionRun } from '../../src-main/core/captions/caption-run.ts'
import { captionSettingsSchema } from '../../src-main/core/captions/caption-settings.ts'
import { greedy } from '../../src-main/inference/protocol.ts'
import { CaptionStore } from '../../src-main/storage/caption-store.ts'
import { Database } from '../../src-main/storage/database.ts'
import { writeDialogs } from './caption-pictures.ts'
import { type Measure, userTurn, withModel } from './measure.ts'

const pictures = 24
const rounds = 2
const never = new AbortController().signal

/** Pictures a second of a caption job, one by one and eight together, taking turns; every picture is new. */
export const captionQueue: Measure = {
  name: 'caption-queue',
  run: (context) =>
    withModel(context, async (client) => {
      const folder = await mkdtemp(join(tmpdir(), 'owl-bench-'))
      const database = await Database.open(join(folder, 'owl.sqlite'))
      try {
        const store = new CaptionStore(database)
        const settings = captionSettingsSchema.parse({ maxTokens: 48 })
        await client.generate({ messages: [userTurn('Warm up.')], sampling: { ...greedy, maxTokens: 4 } })
        const seconds = new Map([
          [1, 0],
          [8, 0],
        ])
        let made = 0
        for (let round = 0; round < rounds; round++) {
          for (const width of seconds.keys()) {
            const place = join(folder, `${round}-${width}`)
            await writeDialogs(place, pictures, pictures * made++)
            const job = store.addJob(JSON.stringify([place]), JSON.stringify(settings))
            const start = performance.now()
            await new CaptionRun({ store, job, model: client, settings, sources: [place], width }).work(never)
            seconds.set(width, seconds.get(width)! + (performance.now() - start) / 1000)
            if (store.counts(job).written !== pictures) throw new Error('Not every picture got its caption.')
          }
        }
        const all = pictures * rounds
        const [one, eight] = [all / seconds.get(1)!, all / seconds.get(8)!]
        return [
          { name: 'captions one by one', value: one, unit: 'pictures/s' },
          { name: 'captions eight together', value: eight, unit: 'pictures/s' },
          { name: 'eight together to one by one', value: eight / one, unit: 'times' },
        ]
      } finally {
        database.close()
        await rm(folder, { recursive: true, force: true })
      }
    }),
}
