import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { CaptionTable } from '../../../../src-main/core/captions/caption-table.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'owl-table-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

it('writes the form of an ImageFolder, and keeps rows and columns that were there', async () => {
  const path = join(folder, 'metadata.jsonl')
  await writeFile(path, '{"file_name":"a.png","label":3}\n\n{"file_name":"b.png","text":"old"}\n')
  const table = await CaptionTable.open(path, 'imagefolder')
  expect(table.caption('a.png')).toBeUndefined()
  expect(table.caption('b.png')).toBe('old')
  table.set('a.png', 'new "one"\n')
  table.set('图/c.png', 'third')
  await table.write()
  const rows = (await readFile(path, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(rows).toEqual([
    { file_name: 'a.png', label: 3, text: 'new "one"\n' },
    { file_name: 'b.png', text: 'old' },
    { file_name: '图/c.png', text: 'third' },
  ])
  expect(await readdir(folder)).toEqual(['metadata.jsonl'])
})

it('writes and reads CSV with quotes, commas and line ends', async () => {
  const path = join(folder, 'captions.csv')
  const first = await CaptionTable.open(path, 'csv')
  first.set('a,b.png', 'He said "no",\nand left')
  first.set('c.png', 'plain')
  await first.write()
  expect(await readFile(path, 'utf8')).toBe('file,caption\n"a,b.png","He said ""no"",\nand left"\nc.png,plain\n')
  const second = await CaptionTable.open(path, 'csv')
  expect(second.caption('a,b.png')).toBe('He said "no",\nand left')
  second.remove('a,b.png')
  await second.write()
  expect(await readFile(path, 'utf8')).toBe('file,caption\nc.png,plain\n')
})

it('leaves a file that is something else as it is', async () => {
  const path = join(folder, 'captions.jsonl')
  for (const content of ['no json', '[1]', '{"caption":"x"}']) {
    await writeFile(path, content)
    await expect(CaptionTable.open(path, 'jsonl')).rejects.toMatchObject({ code: 'caption-table-damaged' })
    expect(await readFile(path, 'utf8')).toBe(content)
  }
})
