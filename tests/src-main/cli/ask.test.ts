import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DataFolder } from '../../../src-main/core/data-folder.ts'
import { tinyDataFolder, tinyModel } from '../tiny-model.ts'
import { outcome, owl, startOwl } from './owl.ts'

const picture = 'tests/fixtures/reference/images/small.png'
const other = 'tests/fixtures/reference/images/landscape.png'
const png = await readFile(picture)

let data: DataFolder
let folder: string
let environment: NodeJS.ProcessEnv

beforeAll(async () => {
  // Random weights pass on every rounding, and `chat` rounds prompts otherwise than `ask`, where they are in blocks.
  data = await tinyDataFolder({ vision: 'f16', abstractor: 'f16', decoder: 'f16', embedding: 'f16' })
  folder = await mkdtemp(join(tmpdir(), 'owl-pictures-'))
  environment = { OWL_DATA_DIR: data.root, OWL_MODEL: tinyModel }
})
afterAll(async () => {
  await rm(data.root, { recursive: true, force: true })
  await rm(folder, { recursive: true, force: true })
})

/** Greedy, so that the same question gets the same answer. */
const ask = (...words: string[]) => owl(['ask', '-n', '8', '--text', 'off', ...words], environment)
const askJson = async (...words: string[]) => JSON.parse((await ask('--json', ...words)).stdout)

// Each starts two processes; a machine may be busy.
describe('owl ask', { timeout: 300_000 }, () => {
  it('answers a question about a picture on standard output, and says nothing else', async () => {
    const { code, stdout, stderr } = await ask(picture, 'What is it?')
    expect(stderr).toBe('')
    expect(stdout).toMatch(/.+\n$/s)
    expect(code).toBe(0)
  })

  it('tells tokens, times and device as JSON, with the same answer', async () => {
    const answer = await askJson(picture, 'What is it?')
    expect(answer).toMatchObject({ model: { name: tinyModel, device: 'cpu' }, finish: expect.any(String) })
    expect(answer.stats.tokens).toBeGreaterThan(0)
    expect(answer.stats.totalMs).toBeGreaterThan(0)
    expect(answer.stats.visualRows).toBeGreaterThan(1)
    expect(`${answer.text}\n`).toBe((await ask(picture, 'What is it?')).stdout)
  })

  it('takes several pictures, none, and one from standard input', async () => {
    const one = await askJson(picture, 'What?')
    expect((await askJson(picture, other, 'What?')).stats.visualRows).toBe(2 * one.stats.visualRows)
    expect((await askJson('What?')).stats.visualRows).toBe(0)
    const piped = await owl(['ask', '-n', '8', '--json', '-', 'What?'], environment, png)
    expect(JSON.parse(piped.stdout).text).toBe(one.text)
  })

  it('gives the text in a picture to the model where it is wanted, and tells what', async () => {
    const dialog = 'native-models/owl-mini/evaluation/held-out/pictures/0001.png'
    const off = await askJson(dialog, 'What failed?')
    expect(off.read).toBeUndefined()
    const on = JSON.parse(
      (await owl(['ask', '-n', '8', '--json', '--text', 'on', dialog, 'What failed?'], environment)).stdout,
    )
    const lines = ['Oblige', 'Upload failed.', 'Endorse', 'Back', 'Apply']
    expect(on.read).toEqual({ lines, readLines: 5, late: 0, failed: 0 })
    expect(on.stats.promptRows).toBeGreaterThan(off.stats.promptRows)
    const chat = owl(['chat', '-n', '8', '--text', 'on'], environment, `/picture ${dialog}\nWhat failed?\n/quit\n`)
    expect(await chat).toMatchObject({ stdout: `${on.text}\n`, stderr: '' })
  })

  it('puts the system text before the question', async () => {
    const plain = await askJson('What?')
    expect((await askJson('--system', 'Answer in a word.', 'What?')).stats.promptRows).toBeGreaterThan(
      plain.stats.promptRows,
    )
  })

  it('takes a picture of one pixel, and one under a wrong extension', async () => {
    const pixel = join(folder, 'pixel.png')
    await sharp({ create: { width: 1, height: 1, channels: 3, background: 'red' } }).toFile(pixel)
    expect((await ask(pixel, 'What?')).code).toBe(0)
    const misnamed = join(folder, 'misnamed.jpg')
    await writeFile(misnamed, png)
    expect((await ask(misnamed, 'What?')).code).toBe(0)
  })

  it.each([
    ['a missing picture', 'missing.png', undefined],
    ['an empty file', 'empty.png', new Uint8Array()],
    ['a picture cut off', 'cut.png', png.subarray(0, png.length / 2)],
    ['text under the name of a picture', 'text.png', Buffer.from('no picture at all')],
  ])('fails with 1 on %s, names it and says what to do', async (_, name, content) => {
    const path = join(folder, name)
    if (content) await writeFile(path, content)
    const { code, stdout, stderr } = await ask(path, 'What?')
    expect(stderr).toMatch(new RegExp(`^owl: .*${name}.*\n     .+\n$`))
    expect(stdout).toBe('')
    expect(code).toBe(1)
  })

  it('fails with 1 on a folder in place of a picture', async () => {
    await mkdir(join(folder, 'folder.png'))
    const { code, stderr } = await ask(join(folder, 'folder.png'), 'What?')
    expect(stderr).toContain('is a folder')
    expect(code).toBe(1)
  })

  it('fails with 1 on a model that is not installed, before it reads a picture', async () => {
    const { code, stderr } = await ask('--model', 'nobody', 'What?')
    expect(stderr).toMatch(/"nobody"\.\n.*owl models list/)
    expect(code).toBe(1)
  })

  it('fails with 1 where no room is left for an answer', async () => {
    const { code, stderr } = await ask('long '.repeat(2000))
    expect(stderr).toMatch(/Start a new chat/)
    expect(code).toBe(1)
  })

  it('stops on Ctrl-C: what was said stays, and it ends with 130', async () => {
    const child = startOwl(['ask', '-n', '100000', 'Talk on'], environment)
    const done = outcome(child)
    await once(child.stdout, 'data')
    child.kill('SIGINT')
    const { code, stdout, stderr } = await done
    expect(stderr).toBe('')
    expect(stdout.endsWith('\n')).toBe(true)
    expect(code).toBe(130)
  })

  it('stops on Ctrl-C while it waits for a picture', async () => {
    const child = startOwl(['ask', '-', 'What?'], environment)
    const done = outcome(child)
    // More than a pipe holds: all of it is taken once the command reads its input, which then stays open.
    await new Promise((resolve) => child.stdin.write(new Uint8Array(2 ** 20), resolve))
    child.stdin.on('error', () => {})
    child.kill('SIGINT')
    const { code, stderr } = await done
    expect(stderr).toBe('')
    expect(code).toBe(130)
  })

  it('ends quietly when the reader of its output leaves', async () => {
    const child = startOwl(['ask', '-n', '100000', 'Talk on'], environment)
    await once(child.stdout, 'data')
    child.stdout.destroy()
    const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'close')])
    expect(stderr).toBe('')
    expect(code).toBe(0)
  })
})
