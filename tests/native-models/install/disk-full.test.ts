import { spawnSync } from 'node:child_process'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { downloadRepository } from '../../../native-models/install/hub/download.ts'
import { HubConnection } from '../../../native-models/install/hub/hub-request.ts'
import { installModel } from '../../../native-models/install/install-model.ts'
import { listModels, verifyModel } from '../../../native-models/install/installed-models.ts'
import type { Progress } from '../../../native-models/progress.ts'
import { temporaryFolder } from '../checkpoint/temporary-folder.ts'
import { HubServer } from './hub/hub-server.ts'

const checkpointFolder = join(import.meta.dirname, '../../fixtures/reference/tiny-gqa')

/** A disk of its own, of 100 MiB; undefined where none can be made. */
async function smallDisk(): Promise<string | undefined> {
  const folder = await temporaryFolder()
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=100m', 'tmpfs', folder])
  if (status !== 0) return undefined
  onTestFinished(() => void spawnSync('umount', ['-l', folder]))
  return folder
}

const probe = process.platform === 'linux' && process.getuid?.() === 0 ? await canMount() : false
if (!probe) console.log('The tests of a full disk are skipped: no disk of its own can be mounted here.')

async function canMount(): Promise<boolean> {
  const folder = '/tmp/owl-mount-probe'
  await mkdir(folder, { recursive: true })
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder])
  if (status === 0) spawnSync('umount', [folder])
  await rm(folder, { recursive: true, force: true })
  return status === 0
}

/** Takes every byte that is left, as another program may at any moment; at once, so that the next write fails. */
function fill(disk: string): void {
  spawnSync('dd', ['if=/dev/zero', `of=${join(disk, 'filler')}`, 'bs=64k'], { stdio: 'ignore' })
}

/** Progress that does something once, when a stage begins. */
function fillAt(stage: RegExp, fillNow: () => void) {
  let isDone = false
  return ({ stage: now }: Progress) => {
    if (isDone || !stage.test(now)) return
    isDone = true
    fillNow()
  }
}

test.skipIf(!probe).each([
  ['while weights are checked', /^checking weights/],
  ['in the first graph', /^writing vision/],
  ['while a file is hashed', /^checking visual-abstractor.onnx/],
  ['in the last graph', /^writing modality/],
  ['at the tokenizer', /^checking modality-adaptive-decoder.weights/],
  ['at the end', /^checking tokenizer/],
])('a disk that becomes full %s: said, nothing offered, continued', async (_, stage) => {
  const disk = (await smallDisk())!
  const modelsFolder = join(disk, 'models')
  const request = { checkpointFolder, modelsFolder, name: 'model' }
  let filled = false
  const fillNow = () => {
    fill(disk)
    filled = true
  }
  await expect(installModel(request, { onProgress: fillAt(stage, fillNow) })).rejects.toMatchObject({
    code: 'disk-full',
  })
  expect(filled).toBe(true)
  expect(await listModels(modelsFolder)).toEqual([])
  await rm(join(disk, 'filler'))
  await installModel(request)
  await verifyModel(join(modelsFolder, 'model'))
})

test.skipIf(!probe)('a disk that becomes full during a download: said, and continued', async () => {
  const disk = (await smallDisk())!
  const server = await new HubServer().start()
  const hub = new HubConnection({ endpoint: server.endpoint })
  onTestFinished(async () => {
    await hub.close()
    await server.close()
  })
  server.addFolder('someone/owl', checkpointFolder)
  const request = {
    hub,
    repo: 'someone/owl',
    folder: join(disk, 'files'),
    recordPath: join(disk, 'record.json'),
    partBytes: 100_000,
  }
  await expect(
    downloadRepository(request, { onProgress: ({ done }) => void (done > 200_000 && fill(disk)) }),
  ).rejects.toMatchObject({ code: 'disk-full' })
  await rm(join(disk, 'filler'))
  await downloadRepository(request)
  expect(await readdir(request.folder)).toContain('model.safetensors')
})
