import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DataFolder } from '../../../src-main/core/data-folder.ts'
import { tinyDataFolder, tinyModel } from '../tiny-model.ts'
import { outcome, owl, startOwl } from './owl.ts'

const picture = 'tests/fixtures/reference/images/small.png'

let data: DataFolder
let folder: string
let environment: NodeJS.ProcessEnv

beforeAll(async () => {
  data = await tinyDataFolder()
  folder = await mkdtemp(join(tmpdir(), 'owl-set-'))
  environment = { OWL_DATA_DIR: data.root, OWL_MODEL: tinyModel }
})
afterAll(async () => {
  await rm(data.root, { recursive: true, force: true })
  await rm(folder, { recursive: true, force: true })
})

describe('owl chat', { timeout: 300_000 }, () => {
  const chat = (lines: string[], ...words: string[]) =>
    owl(['chat', '-n', '6', '--text', 'off', ...words], environment, `${lines.join('\n')}\n`)

  it('answers line by line, and the first answer is that of `owl ask`', async () => {
    const { code, stdout, stderr } = await chat(['What is it?', 'And now?', '/quit', 'Not asked'], picture)
    const answers = stdout.trimEnd().split('\n')
    expect(stderr).toBe('')
    expect(answers.length).toBeGreaterThanOrEqual(2)
    const single = await owl(['ask', '-n', '6', '--text', 'off', picture, 'What is it?'], environment)
    expect(stdout.startsWith(single.stdout)).toBe(true)
    expect(code).toBe(0)
  })

  it('goes on after a picture that cannot be read', async () => {
    const { code, stdout, stderr } = await chat(['/picture missing.png', `/picture ${picture}`, 'What is it?'])
    expect(stderr).toMatch(/missing\.png does not exist/)
    const single = await owl(['ask', '-n', '6', '--text', 'off', picture, 'What is it?'], environment)
    expect(stdout).toBe(single.stdout)
    expect(code).toBe(0)
  })

  it('begins anew with /new', async () => {
    const { stdout } = await chat(['What?', '/new', 'What?'])
    const half = stdout.length / 2
    expect(stdout.slice(0, half)).toBe(stdout.slice(half))
  })
})

describe('owl evaluate', { timeout: 300_000 }, () => {
  const out = () => join(folder, 'out.jsonl')

  it('asks a set, writes predictions, prints a table, and continues', async () => {
    const set = join(folder, 'set.jsonl')
    const lines = [
      { images: [resolve(picture)], question: 'Checked?', answers: ['yes'], kind: 'checkbox' },
      { images: [], question: 'How many?', answers: ['2'], kind: 'count', text: ['OK'] },
      { images: [resolve(picture), resolve(picture)], question: 'Up?', answers: ['no'], kind: 'clip-direction' },
    ]
    await writeFile(set, lines.map((line) => JSON.stringify(line)).join('\n'))

    const first = await owl(['evaluate', set, '--out', out(), '--first-frame-only'], environment)
    expect(first.code).toBe(0)
    expect(first.stdout).toMatch(/^kind +n +exact one frame {2}constant answer$/m)
    expect(first.stdout).toMatch(/^checkbox +1 +\d+\.\d % +100\.0 % "yes"$/m)
    expect(first.stdout).toMatch(/^clip-direction +1 +\d+\.\d % +\d+\.\d % +100\.0 % "no"$/m)
    expect(first.stdout).toMatch(/^total +3/m)
    const written = await readFile(out(), 'utf8')
    expect(written.trim().split('\n')).toHaveLength(4)

    const again = await owl(['evaluate', set, '--out', out(), '--json'], environment)
    expect(JSON.parse(again.stdout)).toMatchObject({ none: { n: 3, constant: 1 } })
    expect(await readFile(out(), 'utf8')).toBe(written)
  })

  it('fails with 1 on a set that is none', async () => {
    const { code, stderr } = await owl(['evaluate', join(folder, 'missing.jsonl')], environment)
    expect(stderr).toContain('missing.jsonl')
    expect(code).toBe(1)
  })
})

describe('owl serve', { timeout: 300_000 }, () => {
  it('prints an address with a token, serves it, and ends on Ctrl-C', async () => {
    const child = startOwl(['serve'], environment)
    const done = outcome(child)
    const line = await new Promise<string>((found) => child.stdout.once('data', (data) => found(String(data))))
    const address = line.match(/http:\/\/127\.0\.0\.1:\d+\/\?token=\S+/)?.[0] ?? ''
    const response = await fetch(address)
    expect(response.status).toBe(200)
    expect(response.headers.get('set-cookie')).toContain('HttpOnly')
    expect((await fetch(new URL('/', address))).status).toBe(401)
    child.kill('SIGINT')
    expect(await done).toMatchObject({ code: 130, stderr: '' })
  })
})
