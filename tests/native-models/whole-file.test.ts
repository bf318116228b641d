import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { writeWhole } from '../../native-models/whole-file.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'owl-whole-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

it('keeps what was asked for last of many writes at once', async () => {
  const path = join(folder, 'note.json')
  const contents = Array.from({ length: 20 }, (_, index) => String(index).repeat((20 - index) * 1000))
  await Promise.all(contents.map((content) => writeWhole(path, content)))
  expect(readFileSync(path, 'utf8')).toBe(contents[19])
  expect(readdirSync(folder)).toEqual(['note.json'])
})

it('takes the place of what a killed process left behind', async () => {
  writeFileSync(join(folder, '.note.json.unfinished'), 'half of something longer')
  await writeWhole(join(folder, 'note.json'), ['in ', 'pieces'])
  expect(readFileSync(join(folder, 'note.json'), 'utf8')).toBe('in pieces')
  expect(readdirSync(folder)).toEqual(['note.json'])
})

it('leaves the old content where a write fails, and the next write is made', async () => {
  const path = join(folder, 'note.json')
  await writeWhole(path, 'old')
  const failing = writeWhole(
    path,
    (function* () {
      yield 'new'
      throw new Error('no more')
    })(),
  )
  const next = writeWhole(path, 'next')
  await expect(failing).rejects.toThrow('no more')
  await next
  expect(readFileSync(path, 'utf8')).toBe('next')

  mkdirSync(join(folder, 'taken'))
  await expect(writeWhole(join(folder, 'taken'), 'a file')).rejects.toMatchObject({ code: 'EISDIR' })
  expect(readdirSync(folder).sort()).toEqual(['note.json', 'taken'])
})

// A shell can bound how large a file becomes: the write that reaches the bound is short, as on a disk that gets full.
it.skipIf(process.platform === 'win32')('fails where only a part fits, and keeps the old content', () => {
  const path = join(folder, 'note.json')
  writeFileSync(path, 'old')
  const module = join(import.meta.dirname, '../../native-models/whole-file.ts')
  const program = `import { writeWhole } from ${JSON.stringify(module)}
    await writeWhole(${JSON.stringify(path)}, 'x'.repeat(50_000)).catch(({ code }) => console.log(code))`
  writeFileSync(join(folder, 'program.mts'), program)
  const { stdout } = spawnSync(
    'sh',
    ['-c', `ulimit -f 8; "$0" --import tsx "$1"`, process.execPath, join(folder, 'program.mts')],
    {
      cwd: join(import.meta.dirname, '../..'),
      encoding: 'utf8',
      env: { ...process.env, TSX_DISABLE_CACHE: '1' },
    },
  )
  expect(stdout.trim()).toBe('EFBIG')
  expect(readFileSync(path, 'utf8')).toBe('old')
})
