import { spawn } from 'node:child_process'
import { cp, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { InferenceSession } from 'onnxruntime-node'
import { describe, expect, test } from 'vitest'
import { type InstallRequest, installModel } from '../../../native-models/install/install-model.ts'
import { readManifest, verifyModel } from '../../../native-models/install/installed-models.ts'
import { graphFiles, type Manifest } from '../../../native-models/install/manifest.ts'
import type { Progress } from '../../../native-models/progress.ts'
import { Tokenizer } from '../../../native-models/tokenizer/tokenizer.ts'
import { temporaryFolder } from '../checkpoint/temporary-folder.ts'

const reference = join(import.meta.dirname, '../../fixtures/reference')
const checkpoints = ['tiny-32k', 'tiny-512', 'tiny-gqa']
const float32: Manifest['precision'] = { vision: 'f32', abstractor: 'f32', decoder: 'f32', embedding: 'f32' }
const int4: Manifest['precision'] = { vision: 'int8', abstractor: 'int8', decoder: 'int4', embedding: 'int8' }

async function request(checkpoint: string, precision = float32): Promise<InstallRequest> {
  return { checkpointFolder: join(reference, checkpoint), modelsFolder: await temporaryFolder(), precision }
}

async function copyOf(checkpoint: string): Promise<string> {
  const folder = join(await temporaryFolder(), checkpoint)
  await cp(join(reference, checkpoint), folder, { recursive: true })
  return folder
}

describe.each(checkpoints)('%s', (checkpoint) => {
  test.each([
    ['float32', float32],
    ['int4', int4],
  ])('installs in %s as a model that runs', async (_, precision) => {
    const wanted = await request(checkpoint, precision)
    const manifest = await installModel(wanted)
    const folder = join(wanted.modelsFolder, checkpoint)
    expect(await readdir(wanted.modelsFolder)).toEqual([checkpoint])
    expect(await readManifest(folder)).toEqual(manifest)
    expect(manifest).toMatchObject({ name: checkpoint, precision, source: { kind: 'folder' } })
    expect((await readdir(folder)).sort()).toEqual(['manifest.json', ...manifest.files.map((file) => file.path)].sort())
    await verifyModel(folder)

    const tokenizer = await Tokenizer.load(join(folder, 'tokenizer.json'))
    const cases = JSON.parse(await readFile(join(reference, 'expected', checkpoint, 'tokens.json'), 'utf8'))
    const strings = (cases as { text: string; ids: number[] }[]).slice(0, 50)
    const encoded = strings.map(({ text }) => [...manifest.prompt.beginTokens, ...tokenizer.encode(text)])
    expect(encoded).toEqual(strings.map(({ ids }) => ids))
    for (const graph of Object.values(graphFiles)) {
      const session = await InferenceSession.create(join(folder, graph))
      expect(session.outputNames.length).toBeGreaterThan(0)
      await session.release()
    }
  })
})

test('a killed installation continues with the graphs that were finished', { timeout: 300_000 }, async () => {
  const whole = await request('tiny-gqa')
  const events: Progress[] = []
  const expected = await installModel(whole, { onProgress: (progress) => events.push(progress) })
  const eventOf = (stage: RegExp) => events.findIndex((event) => stage.test(event.stage))
  const moments = {
    'before any graph': eventOf(/^checking weights/),
    'in the first graph': eventOf(/vision-encoder/) + 3,
    'while the second is checked': eventOf(/^checking visual-abstractor/),
    'in the last graph': eventOf(/decoder/) + 3,
    'with the last file': events.length - 1,
  }
  for (const [moment, killAt] of Object.entries(moments)) {
    const wanted = { ...(await request('tiny-gqa')), name: 'tiny-gqa' }
    expect(await runToDeath(wanted, killAt), moment).toBe('SIGKILL')
    expect(await readdir(wanted.modelsFolder), moment).toEqual(['tiny-gqa.partial'])
    const kept = await modified(join(wanted.modelsFolder, 'tiny-gqa.partial'))
    const journal = await readFile(join(wanted.modelsFolder, 'tiny-gqa.partial/journal.json'), 'utf8').catch(() => '{}')

    const manifest = await installModel(wanted)
    expect(manifest.files, moment).toEqual(expected.files)
    const folder = join(wanted.modelsFolder, 'tiny-gqa')
    expect(await readdir(wanted.modelsFolder), moment).toEqual(['tiny-gqa'])
    expect((await readdir(folder)).sort(), moment).toEqual((await readdir(join(whole.modelsFolder, 'tiny-gqa'))).sort())
    await verifyModel(folder)
    const after = await modified(folder)
    const finished = Object.values<{ path: string }[]>(JSON.parse(journal).finished ?? {}).flat()
    for (const { path } of finished) expect(after.get(path), `${moment}: ${path}`).toBe(kept.get(path))
    if (moment === 'in the last graph') expect(finished.length).toBeGreaterThanOrEqual(2)
  }
})

/** The signal that ended an installation in a process of its own. */
function runToDeath(wanted: InstallRequest, killAt: number): Promise<NodeJS.Signals | null> {
  const script = join(import.meta.dirname, 'killed-installation.ts')
  const child = spawn(process.execPath, ['--import', 'tsx', script, JSON.stringify([wanted, killAt])], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  return new Promise((resolve, reject) => child.once('error', reject).once('exit', (_, signal) => resolve(signal)))
}

async function modified(folder: string): Promise<Map<string, number>> {
  const names = await readdir(folder)
  return new Map(
    await Promise.all(names.map(async (name) => [name, (await stat(join(folder, name))).mtimeMs] as const)),
  )
}

test('starts anew where the checkpoint changed in between, or a finished file was damaged', async () => {
  const checkpointFolder = await copyOf('tiny-gqa')
  const wanted = { ...(await request('tiny-gqa')), checkpointFolder }
  const partial = join(wanted.modelsFolder, 'tiny-gqa.partial')
  const stopAt = async (stage: RegExp) => {
    const stop = new AbortController()
    const onProgress = (progress: Progress) => stage.test(progress.stage) && stop.abort()
    await expect(installModel(wanted, { signal: stop.signal, onProgress })).rejects.toMatchObject({ code: 'cancelled' })
  }
  await stopAt(/decoder/)
  const graph = join(partial, graphFiles.visionEncoder)
  const first = (await stat(graph)).mtimeMs
  await stopAt(/decoder/)
  expect((await stat(graph)).mtimeMs).toBe(first)

  await writeFile(join(checkpointFolder, 'README.md'), 'changed')
  await writeFile(join(partial, 'stray'), 'from elsewhere')
  await stopAt(/decoder/)
  const second = (await stat(graph)).mtimeMs
  expect(second).toBeGreaterThan(first)

  const bytes = await readFile(graph)
  bytes[bytes.length >> 1]! ^= 1
  await writeFile(graph, bytes)
  const manifest = await installModel(wanted)
  await verifyModel(join(wanted.modelsFolder, manifest.name))
})

test('takes title, licence and source from the request, and the terms from the folder', async () => {
  const checkpointFolder = await copyOf('tiny-512')
  await writeFile(join(checkpointFolder, 'LICENSE.txt'), 'Use it well.')
  const wanted = {
    ...(await request('tiny-512')),
    checkpointFolder,
    name: 'owl',
    title: 'An owl',
    description: 'Small.',
    licence: 'MIT',
    source: { kind: 'hub', location: 'someone/owl', revision: 'abc' } as const,
  }
  const { modelsFolder, checkpointFolder: _, ...told } = wanted
  expect(await installModel(wanted)).toMatchObject(told)
  expect(await readFile(join(modelsFolder, 'owl/LICENSE.txt'), 'utf8')).toBe('Use it well.')
  await expect(installModel(wanted)).rejects.toMatchObject({ code: 'model-exists' })
})

test('splits weight files at the size asked for', async () => {
  const manifest = await installModel({ ...(await request('tiny-512')), maxFileBytes: 200_000 })
  const weights = manifest.files.filter((file) => file.path.includes('.weights.'))
  expect(weights.length).toBeGreaterThan(4)
  expect(Math.max(...weights.map((file) => file.bytes))).toBeLessThanOrEqual(200_000)
})

describe('writes nothing', () => {
  const change = async (file: string, edit: (content: string) => string) => {
    const checkpointFolder = await copyOf('tiny-gqa')
    await writeFile(join(checkpointFolder, file), edit(await readFile(join(checkpointFolder, file), 'utf8')))
    return checkpointFolder
  }
  test.each<[string, () => Promise<string>, string, string]>([
    ['without a folder', async () => '/nowhere', 'checkpoint-not-found', 'config.json'],
    ['for a broken config', () => change('config.json', (text) => text.slice(0, -9)), 'checkpoint-damaged', 'not JSON'],
    [
      'for another architecture',
      () => change('config.json', () => '{"model_type":"llama","visual_config":{}}'),
      'unsupported-config',
      'llama',
    ],
    [
      'for weights of another shape',
      () => change('config.json', (text) => text.replace(/"num_learnable_queries": \d+/, '"num_learnable_queries": 3')),
      'weights-misshapen',
      'query_embeds',
    ],
    [
      'for missing weights',
      () => change('config.json', (text) => text.replace(/"num_hidden_layers": \d+/, '"num_hidden_layers": 9')),
      'weights-missing',
      'layers',
    ],
    [
      'for another picture size',
      () => change('preprocessor_config.json', (text) => text.replaceAll('70', '84')),
      'unsupported-config',
      '84',
    ],
    [
      'for a tokenizer of other weights',
      () => change('generation_config.json', () => '{"eos_token_id": 99999}'),
      'tokenizer-unsupported',
      '99999',
    ],
  ])('%s', async (_, checkpointFolder, code, message) => {
    const wanted = { ...(await request('tiny-gqa')), checkpointFolder: await checkpointFolder() }
    await expect(installModel(wanted)).rejects.toMatchObject({ code, message: expect.stringContaining(message) })
    expect(await readdir(wanted.modelsFolder)).toEqual([])
  })

  test('under a name that leads elsewhere', async () => {
    const wanted = { ...(await request('tiny-gqa')), name: '../owl' }
    await expect(installModel(wanted)).rejects.toMatchObject({ code: 'request-invalid' })
  })
})

test('says which weight is in a format that cannot be read', async () => {
  const checkpointFolder = await copyOf('tiny-gqa')
  const file = join(checkpointFolder, 'model.safetensors')
  const text = (await readFile(file)).toString('latin1')
  const changed = text.replace(/("model\.norm\.weight":\{"dtype":)"BF16"/, '$1"I16" ')
  expect(changed).not.toBe(text)
  await writeFile(file, changed, 'latin1')
  await expect(installModel({ ...(await request('tiny-gqa')), checkpointFolder })).rejects.toMatchObject({
    code: 'checkpoint-unsupported-format',
    message: expect.stringContaining('model.norm.weight is stored as I16'),
  })
})

test('refuses weights that are not finite', async () => {
  const checkpointFolder = await copyOf('tiny-gqa')
  const file = join(checkpointFolder, 'model.safetensors')
  const bytes = await readFile(file)
  bytes.writeUInt32LE(0x7fc00000, bytes.length - 4)
  await writeFile(file, bytes)
  const wanted = { ...(await request('tiny-gqa')), checkpointFolder }
  await expect(installModel(wanted)).rejects.toMatchObject({ code: 'checkpoint-damaged' })
})
