import { execFile } from 'node:child_process'
import { linkSync, mkdirSync, writeFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { walkMedia } from '../../../../src-main/core/captions/media-walk.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'owl-walk-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function put(...names: string[]) {
  for (const name of names) {
    await mkdir(join(folder, name, '..'), { recursive: true })
    await writeFile(join(folder, name), '')
  }
}

async function walked(options: { recursive?: boolean; videos?: boolean } = {}, sources = [folder]) {
  const found: string[] = []
  for await (const { path } of walkMedia(sources, { recursive: true, videos: false, ...options })) {
    found.push(relative(folder, path))
  }
  return found.sort()
}

it('finds pictures by their endings, in folders of any name, and leaves out what is hidden', async () => {
  await put('a.PNG', 'б/в.jpg', '图/片 1.webp', 'notes.txt', '.hidden.png', '.folder/c.png', 'film.mp4')
  expect(await walked()).toEqual(['a.PNG', 'б/в.jpg', '图/片 1.webp'])
  expect(await walked({ recursive: false })).toEqual(['a.PNG'])
  expect(await walked({ recursive: false, videos: true })).toEqual(['a.PNG', 'film.mp4'])
})

it('follows links, each folder once, and ends where they lead in a circle', async () => {
  await put('a/b/c.png', 'elsewhere.png')
  await symlink(folder, join(folder, 'a/b/up'))
  await symlink(join(folder, 'a/b'), join(folder, 'a/again'))
  await symlink(join(folder, 'elsewhere.png'), join(folder, 'a/link.png'))
  await symlink(join(folder, 'a/self'), join(folder, 'a/self'))
  const found = await walked()
  expect(found.filter((path) => path.endsWith('c.png'))).toHaveLength(1)
  expect(found).toContain('a/link.png')
  expect(found).toHaveLength(3)
})

it('takes files, and tells what is missing or of another kind', async () => {
  await put('a.png', 'b.txt', 'c.mp4')
  expect(await walked({}, [join(folder, 'a.png')])).toEqual(['a.png'])
  await expect(walked({}, [join(folder, 'b.txt')])).rejects.toMatchObject({ code: 'request-invalid' })
  await expect(walked({}, [join(folder, 'c.mp4')])).rejects.toMatchObject({ code: 'request-invalid' })
  await expect(walked({}, [join(folder, 'gone')])).rejects.toMatchObject({ code: 'not-found' })
})

it('finds 100 000 files and holds none of them in memory', { timeout: 300_000 }, async () => {
  for (let n = 0; n < 100; n++) {
    const inner = join(folder, String(n))
    mkdirSync(inner)
    writeFileSync(join(inner, '0.png'), '')
    for (let file = 1; file < 1000; file++) linkSync(join(inner, '0.png'), join(inner, `${file}.png`))
  }
  const script = join(import.meta.dirname, 'walk-files.ts')
  // Room for the program itself, not for a list.
  const words = ['--max-old-space-size=24', '--import', 'tsx', script, folder]
  const { stdout } = await promisify(execFile)(process.execPath, words)
  expect(stdout).toBe('100000\n')
})
