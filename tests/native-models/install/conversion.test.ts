import { cp, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type InstallRequest, installModel } from '../../../native-models/install/install-model.ts'
import { verifyModel } from '../../../native-models/install/installed-models.ts'
import type { Progress } from '../../../native-models/progress.ts'
import { temporaryFolder } from '../checkpoint/temporary-folder.ts'

const reference = join(import.meta.dirname, '../../fixtures/reference')

async function copyOf(checkpoint: string): Promise<string> {
  const folder = join(await temporaryFolder(), checkpoint)
  await cp(join(reference, checkpoint), folder, { recursive: true })
  return folder
}

const request = async (checkpointFolder: string, more: Partial<InstallRequest> = {}): Promise<InstallRequest> => ({
  checkpointFolder,
  modelsFolder: await temporaryFolder(),
  name: 'model',
  ...more,
})

test.each(['tiny-32k', 'tiny-512'])('threads make of %s just what one thread makes of it', async (name) => {
  const checkpoint = join(reference, name)
  const alone = await installModel(await request(checkpoint, { threads: 0 }))
  const together = await installModel(await request(checkpoint, { threads: 2 }))
  expect(together.files).toEqual(alone.files)
})

test('a weight whose checksum or values are wrong is found while it is converted', async () => {
  const folder = await copyOf('tiny-32k')
  const shard = join(folder, 'pytorch_model-00001-of-00003.bin')
  const bytes = await readFile(shard)
  bytes[bytes.length >> 1]! ^= 1
  await writeFile(shard, bytes)
  const wanted = await request(folder, { threads: 2 })
  await expect(installModel(wanted)).rejects.toMatchObject({
    code: 'checkpoint-damaged',
    message: expect.stringContaining('does not have the checksum of'),
  })
  expect(await readdir(wanted.modelsFolder)).toEqual(['model.partial'])
})

test('weight files go as they are used, and a stopped conversion continues without them', async () => {
  const untouched = await installModel(await request(join(reference, 'tiny-512'), { threads: 2 }))
  const folder = await copyOf('tiny-512')
  const wanted = await request(folder, { threads: 2, deleteUsed: true })
  const stop = new AbortController()
  const onProgress = ({ stage }: Progress) => /^writing modality/.test(stage) && stop.abort()
  await expect(installModel(wanted, { signal: stop.signal, onProgress })).rejects.toMatchObject({ code: 'cancelled' })

  await installModel(wanted)
  const model = join(wanted.modelsFolder, 'model')
  await verifyModel(model)
  expect(JSON.parse(await readFile(join(model, 'manifest.json'), 'utf8')).files).toEqual(untouched.files)
  expect((await readdir(folder)).filter((file) => file.endsWith('.safetensors'))).toEqual([])

  await expect(installModel({ ...wanted, name: 'again' })).rejects.toMatchObject({
    code: 'checkpoint-shard-missing',
    message: expect.stringContaining('deleted after it had been converted'),
  })
})
