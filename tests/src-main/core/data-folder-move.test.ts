import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, posix, win32 } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { dataFolder, folderNotePath } from '../../../src-main/core/data-folder.ts'
import { currentFolder, DataFolderMove, finishFolderMove, isInside } from '../../../src-main/core/data-folder-move.ts'
import { OldDataFolders } from '../../../src-main/core/old-data-folders.ts'

let place: string
let home: string
let to: string
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'owl-move-'))
  home = join(place, 'home')
  to = join(place, 'disk', 'owl')
  for (const folder of ['models/m', 'attachments/ab']) mkdirSync(join(home, folder), { recursive: true })
  writeFileSync(join(home, 'models/m/decoder.onnx.data'), Buffer.alloc(100_000, 7))
  writeFileSync(join(home, 'attachments/ab/abcd'), 'picture')
  writeFileSync(join(home, 'owl.sqlite'), 'chats')
  writeFileSync(join(home, 'settings.json'), '{}')
})
afterEach(() => rmSync(place, { recursive: true, force: true }))

const folder = () => dataFolder({ OWL_DATA_DIR: home })

/** As after the process that copied has ended. */
function nextStart() {
  const path = folderNotePath(home)
  if (existsSync(path)) writeFileSync(path, readFileSync(path, 'utf8').replace(`${process.pid}`, '2147483646'))
  return currentFolder({ OWL_DATA_DIR: home })
}

it('copies what does not change, and the rest at the next start; the old folder stays', async () => {
  const move = new DataFolderMove(folder())
  const seen: number[] = []
  await move.start(to, { onProgress: ({ done, total }) => seen.push(done / total) })
  expect(seen.at(-1)).toBe(1)
  expect(move.state).toMatchObject({ path: home, movingTo: to })
  expect(existsSync(join(to, 'owl.sqlite'))).toBe(false)

  // The process still runs: nothing is finished under it.
  finishFolderMove(folder())
  expect(folder().root).toBe(home)

  writeFileSync(join(home, 'attachments/ab/abce'), 'newer')
  expect(nextStart()).toMatchObject({ home, root: to, models: join(to, 'models') })
  expect(readFileSync(join(to, 'owl.sqlite'), 'utf8')).toBe('chats')
  expect(readFileSync(join(to, 'attachments/ab/abce'), 'utf8')).toBe('newer')
  expect(readFileSync(join(to, 'models/m/decoder.onnx.data')).every((byte) => byte === 7)).toBe(true)
  expect(existsSync(join(home, 'owl.sqlite'))).toBe(true)
})

it('goes back to the first place in the same way', async () => {
  await new DataFolderMove(folder()).start(to)
  nextStart()
  writeFileSync(join(to, 'owl.sqlite'), 'more chats')
  await new DataFolderMove(folder()).start(home)
  nextStart()
  expect(folder().root).toBe(home)
  expect(readFileSync(join(home, 'owl.sqlite'), 'utf8')).toBe('more chats')
})

it('can be stopped and forgotten', async () => {
  const move = new DataFolderMove(folder())
  const controller = new AbortController()
  const job = { signal: controller.signal, onProgress: () => controller.abort() }
  await expect(move.start(to, job)).rejects.toMatchObject({ code: 'cancelled' })
  expect(move.state.movingTo).toBeUndefined()
  await move.start(to)
  move.forget()
  nextStart()
  expect(folder().root).toBe(home)
})

it('refuses folders that cannot do', async () => {
  const move = new DataFolderMove(folder())
  mkdirSync(to, { recursive: true })
  writeFileSync(join(to, 'holiday.jpg'), 'x')
  for (const wrong of ['relative', home, join(home, 'inside'), place, to]) {
    await expect(move.start(wrong), wrong).rejects.toMatchObject({ code: 'folder-not-usable' })
  }
  symlinkSync(home, join(place, 'link'), 'junction')
  for (const wrong of ['link', 'link/models']) {
    await expect(move.start(join(place, wrong)), wrong).rejects.toMatchObject({ code: 'folder-not-usable' })
  }
})

it('knows by the rules of either system whether a folder lies in another', () => {
  expect(isInside('/data/owl', '/data', posix)).toBe(true)
  expect(isInside('/data/..owl', '/data', posix)).toBe(true)
  expect(isInside('/data', '/data', posix)).toBe(false)
  expect(isInside('/database', '/data', posix)).toBe(false)
  expect(isInside('C:\\Data\\owl', 'c:\\data', win32)).toBe(true)
  expect(isInside('D:\\owl', 'C:\\Data', win32)).toBe(false)
  expect(isInside('\\\\server\\share\\owl', 'C:\\Data', win32)).toBe(false)
})

it('keeps the old folder, and says why, where the rest cannot follow', async () => {
  await new DataFolderMove(folder()).start(to)
  rmSync(to, { recursive: true })
  writeFileSync(to, 'a file in its place')
  nextStart()
  expect(folder().root).toBe(home)
  expect(new DataFolderMove(folder()).state.failed).toMatchObject({ to })
})

const named: string[] = []
const oldFolders = () => new OldDataFolders(folder(), async (hash) => named.includes(hash))

it('removes the old folder when it is asked to, once all of it was found in the new one', async () => {
  expect(await oldFolders().list()).toEqual([])
  await new DataFolderMove(folder()).start(to)
  nextStart()
  writeFileSync(join(to, 'owl.sqlite'), 'more chats')
  const [old] = await oldFolders().list()
  expect(old).toMatchObject({ path: home, bytes: expect.any(Number) })
  const seen: number[] = []
  await oldFolders().remove(home, { onProgress: ({ done, total }) => seen.push(done / total) })
  expect(seen.at(-1)).toBe(1)
  expect(readdirSync(home)).toEqual(['moved.json'])
  expect(folder().root).toBe(to)
  expect(await oldFolders().list()).toEqual([])
  await expect(oldFolders().remove(to)).rejects.toMatchObject({ code: 'not-found' })
})

it('keeps the old folder where something would be lost', async () => {
  await new DataFolderMove(folder()).start(to)
  nextStart()
  writeFileSync(join(to, 'models/m/decoder.onnx.data'), Buffer.alloc(100_000, 8))
  await expect(oldFolders().remove(home)).rejects.toMatchObject({
    code: 'folder-not-usable',
    message: expect.stringContaining('decoder.onnx.data'),
  })
  // A model that was removed since is no loss, and neither is a picture that no chat shows.
  rmSync(join(to, 'models/m'), { recursive: true })
  rmSync(join(to, 'attachments/ab/abcd'))
  named.push('abcd')
  await expect(oldFolders().remove(home)).rejects.toMatchObject({ message: expect.stringContaining('abcd') })
  expect(existsSync(join(home, 'attachments/ab/abcd'))).toBe(true)
  named.length = 0
  await oldFolders().remove(home)
  expect(readdirSync(home)).toEqual(['moved.json'])
})

it('removes the old folder although what the program changes while it runs has changed', async () => {
  const changing = { 'window.json': '{"maximized":false}', 'secrets.json': '{}', 'models/m/manifest.json': '{}' }
  for (const [name, text] of Object.entries(changing)) writeFileSync(join(home, name), text)
  await new DataFolderMove(folder()).start(to)
  // Written at the end of the run that copied.
  writeFileSync(join(home, 'window.json'), '{"maximized":true}')
  writeFileSync(join(home, 'secrets.json'), '{"hub-token":"hf_x"}')
  nextStart()
  expect(readFileSync(join(to, 'window.json'), 'utf8')).toBe('{"maximized":true}')
  expect(readFileSync(join(to, 'secrets.json'), 'utf8')).toBe('{"hub-token":"hf_x"}')
  expect(readFileSync(join(to, 'models/m/manifest.json'), 'utf8')).toBe('{}')

  for (const name of Object.keys(changing)) writeFileSync(join(to, name), '{"changed":true}')
  await oldFolders().remove(home)
  expect(readdirSync(home)).toEqual(['moved.json'])
})

it('keeps the old folder where the manifest of a model is missing in the new one', async () => {
  writeFileSync(join(home, 'models/m/manifest.json'), '{}')
  await new DataFolderMove(folder()).start(to)
  nextStart()
  rmSync(join(to, 'models/m/manifest.json'))
  await expect(oldFolders().remove(home)).rejects.toMatchObject({ message: expect.stringContaining('manifest.json') })
})
