import { copyFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../native-models/checkpoint/temporary-folder.ts'
import { owl } from './owl.ts'

test('owl caption writes only the text in pictures, without any model', { timeout: 200_000 }, async () => {
  const folder = await temporaryFolder()
  await copyFile('native-models/owl-mini/evaluation/held-out/pictures/0001.png', join(folder, 'a.png'))
  const environment = { OWL_DATA_DIR: await temporaryFolder(), OWL_MODEL: 'none-of-this-name' }
  const { code, stdout } = await owl(['caption', folder, '--style', 'text', '--suffix', '\n{name}'], environment)
  expect({ code, stdout }).toEqual({ code: 0, stdout: '1 captioned, 0 had a caption already, 0 failed.\n' })
  expect(await readFile(join(folder, 'a.txt'), 'utf8')).toBe('Oblige\nUpload failed.\nEndorse  Back  Apply\na\n')
})
