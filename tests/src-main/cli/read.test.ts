import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../native-models/checkpoint/temporary-folder.ts'
import { owl } from './owl.ts'

const pictures = 'native-models/owl-mini/evaluation/held-out/pictures'
const text = 'Oblige\nUpload failed.\nEndorse  Back  Apply\n'

test('owl read prints the text of a picture, from a file or standard input', { timeout: 200_000 }, async () => {
  const [file, piped] = await Promise.all([
    owl(['read', `${pictures}/0001.png`]),
    owl(['read', '-'], {}, await readFile(`${pictures}/0001.png`)),
  ])
  expect(file).toEqual({ code: 0, stdout: text, stderr: '' })
  expect(piped).toEqual(file)
})

test('owl read goes through a folder, names what it cannot read, and continues from its file', {
  timeout: 300_000,
}, async () => {
  const folder = await temporaryFolder()
  await copyFile(`${pictures}/0001.png`, join(folder, 'a.png'))
  await copyFile(`${pictures}/0002.png`, join(folder, 'c.png'))
  await writeFile(join(folder, 'b.png'), 'no picture')
  await writeFile(join(folder, 'notes.txt'), 'not read')
  const out = join(folder, 'texts.jsonl')

  const first = await owl(['read', folder, '--out', out])
  expect(first.code).toBe(1)
  expect(first.stderr).toContain('b.png')
  expect(first.stderr).toContain('2 read, 0 were there already, 1 failed.')
  const whole = await readFile(out, 'utf8')
  const [a, c] = whole
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(a).toMatchObject({ path: join(folder, 'a.png'), text: text.trim(), lines: { length: 5 } })
  expect(a.lines[0]).toMatchObject({ text: 'Oblige', box: { left: expect.any(Number) } })
  expect(c.path).toBe(join(folder, 'c.png'))

  // As a kill in the middle of a line leaves it.
  await writeFile(out, whole.slice(0, -40))
  const second = await owl(['read', folder, '--out', out])
  expect(second.stderr).toContain('1 read, 1 were there already, 1 failed.')
  expect(await readFile(out, 'utf8')).toBe(whole)
})

test('owl read tells what is not there', async () => {
  const { code, stderr } = await owl(['read', 'nowhere.png'])
  expect(code).toBe(1)
  expect(stderr).toContain('nowhere.png does not exist.')
})
