import { chmod, chown, copyFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../native-models/checkpoint/temporary-folder.ts'
import { owl } from './owl.ts'

test('owl caption writes only the text in pictures, without any model', { timeout: 200_000 }, async () => {
  const folder = await temporaryFolder()
  await copyFile('native-models/owl-mini/evaluation/held-out/pictures/0001.png', join(folder, 'a.png'))
  const environment = { OWL_DATA_DIR: await temporaryFolder(), OWL_MODEL: 'none-of-this-name' }
  const { code, stdout } = await owl(['caption', folder, '--style', 'text', '--suffix', '\n{name}'], environment)
  const place = 'Each caption is beside its picture, in a file that ends in .txt.'
  expect({ code, stdout }).toEqual({ code: 0, stdout: `1 captioned, 0 had a caption already, 0 failed.\n${place}\n` })
  expect(await readFile(join(folder, 'a.txt'), 'utf8')).toBe('Oblige\nUpload failed.\nEndorse  Back  Apply\na\n')
})

test('owl caption tells of a folder that may not be written to, and writes a table elsewhere', {
  timeout: 200_000,
}, async () => {
  // Permissions do not bind root.
  const user = process.getuid?.() === 0 ? 65_534 : undefined
  const [folder, data] = [await temporaryFolder(), await temporaryFolder()]
  for (const name of ['a', 'b']) {
    await copyFile('native-models/owl-mini/evaluation/held-out/pictures/0001.png', join(folder, `${name}.png`))
  }
  await chmod(folder, 0o555)
  if (user !== undefined) await chown(data, user, user)
  const caption = (...words: string[]) =>
    owl(['caption', folder, '--style', 'text', ...words], { OWL_DATA_DIR: data }, '', user)

  const refused = await caption()
  expect(refused).toMatchObject({ code: 1, stdout: '0 captioned, 0 had a caption already, 2 failed.\n' })
  for (const name of ['a', 'b']) {
    expect(refused.stderr).toContain(`${join(folder, name)}.txt cannot be written: the folder does not allow it.`)
  }
  expect((await caption('--output', 'csv')).stderr).toContain('captions.csv cannot be written')
  const table = join(data, 'elsewhere.csv')
  expect(await caption('--to', table)).toMatchObject({ code: 0, stdout: expect.stringContaining('2 captioned') })
  const rows = (await readFile(table, 'utf8')).split('\n')
  expect(rows[0]).toBe('file,caption')
  expect(rows[1]).toMatch(/^\.\.\/.+\/a\.png,"Oblige$/)
  await chmod(folder, 0o755)
})

test('owl caption wants to know the form of a table', async () => {
  const { code, stderr } = await owl(['caption', '.', '--to', 'captions.xls'])
  expect(code).toBe(2)
  expect(stderr).toContain('cannot be told from its ending')
})
