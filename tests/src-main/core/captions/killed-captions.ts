/**
 * A process that works on a caption job until it is killed: `killed-captions.ts DATABASE FOLDER OUTPUT`. The model is the
 * parent's, so that a start takes no time for loading one.
 */
import { captionSettingsSchema } from '../../../../src-main/core/captions/caption-settings.ts'
import { Captions } from '../../../../src-main/core/captions/captions.ts'
import type { GenerationResult } from '../../../../src-main/inference/protocol.ts'
import { CaptionStore } from '../../../../src-main/storage/caption-store.ts'
import { Database } from '../../../../src-main/storage/database.ts'

const [path, folder, output] = process.argv.slice(2)
const waiting = new Map<number, (result: GenerationResult) => void>()
let lastId = 0
process.on('message', ({ id, result }: { id: number; result: GenerationResult }) => waiting.get(id)?.(result))

const captions = new Captions(new CaptionStore(await Database.open(path!)), {
  generate: (request) =>
    new Promise((resolve) => {
      const id = ++lastId
      waiting.set(id, resolve)
      process.send!({ id, request })
    }),
})
const settings = captionSettingsSchema.parse({ output, existing: 'append', maxTokens: 6 })
const job = captions.unfinished([folder!], settings) ?? captions.add([folder!], settings)
await captions.work(job, new AbortController().signal)
process.send!({ done: captions.job(job).counts }, () => process.exit())
