import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { listDrives, listFolder } from '../../../../src-main/core/captions/folder-list.ts'

it('lists what a folder holds, the way up, and no hidden folders', async () => {
  const root = await mkdtemp(join(tmpdir(), 'owl-folders-'))
  for (const name of ['b 10', 'b 9', '.hidden']) await mkdir(join(root, name))
  await writeFile(join(root, 'one.png'), '')
  expect(await listFolder(root)).toEqual({
    path: root,
    parent: tmpdir(),
    folders: ['b 9', 'b 10'].map((name) => ({ name, path: join(root, name) })),
    pictures: 1,
    videos: 0,
  })
  await rm(root, { recursive: true })
  await expect(listFolder(root)).rejects.toMatchObject({ code: 'not-found' })
})

it('leads from the root of a drive to the other drives, where there are drives', async () => {
  expect((await listFolder('/', 'linux')).parent).toBeUndefined()
  expect((await listFolder('/', 'win32')).parent).toBe('')
  expect(await listFolder('', 'win32')).toMatchObject({ path: '' })
  const isThere = async (root: string) => {
    if (!['C:\\', 'D:\\'].includes(root)) throw new Error('no drive')
  }
  const { folders, parent } = await listDrives(isThere)
  expect(folders.map(({ path }) => path)).toEqual(['C:\\', 'D:\\'])
  expect(parent).toBeUndefined()
})
