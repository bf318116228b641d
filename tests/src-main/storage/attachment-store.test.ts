import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AttachmentStore } from '../../../src-main/storage/attachment-store.ts'

const png = await readFile('tests/fixtures/reference/images/small.png')
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

let folder: string
let store: AttachmentStore

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'owl-attachments-'))
  store = new AttachmentStore(folder)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const files = async () => (await readdir(folder, { recursive: true, withFileTypes: true })).filter((e) => e.isFile())

describe('AttachmentStore', () => {
  it('gives back what was put in, under its sha-256', async () => {
    const hash = await store.add(png)
    expect(hash).toBe(sha256(png))
    const { bytes, mediaType } = await store.read(hash)
    expect(Buffer.from(bytes).equals(png)).toBe(true)
    expect(mediaType).toBe('image/png')
    expect(await store.has(hash)).toBe(true)
  })

  it('keeps the same bytes once, also when they come at the same time', async () => {
    const hashes = await Promise.all(Array.from({ length: 8 }, () => store.add(png)))
    expect(new Set(hashes).size).toBe(1)
    const kept = await files()
    expect(kept.map(({ name }) => name)).toEqual([sha256(png)])
  })

  it('is read by another store on the same folder', async () => {
    const hash = await store.add(png)
    expect(await new AttachmentStore(folder).has(hash)).toBe(true)
  })

  it.each([
    '../../../etc/passwd',
    '..%2f..%2fetc%2fpasswd',
    `../${'a'.repeat(61)}`,
    'A'.repeat(64),
    `${'a'.repeat(63)}\0`,
    `${'a'.repeat(64)}\n`,
    'a'.repeat(65),
    '',
    '/etc/passwd',
    'C:\\Windows\\win.ini',
  ])('refuses %j as a hash', async (hostile) => {
    expect(() => store.path(hostile)).toThrow(expect.objectContaining({ code: 'not-found' }))
    await expect(store.read(hostile)).rejects.toMatchObject({ code: 'not-found' })
    await expect(store.has(hostile)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('puts every path inside its folder', () => {
    expect(relative(folder, store.path('a'.repeat(64)))).toBe(join('aa', 'a'.repeat(64)))
  })

  it('says so when an attachment is not there', async () => {
    await expect(store.read('0'.repeat(64))).rejects.toMatchObject({ code: 'not-found' })
    expect(await store.has('0'.repeat(64))).toBe(false)
  })

  it('leaves nothing unfinished behind when a write fails', async () => {
    const hash = sha256(png)
    // A file where a folder has to be: mkdir fails.
    await writeFile(join(folder, hash.slice(0, 2)), '')
    await expect(store.add(png)).rejects.toMatchObject({ code: expect.stringMatching(/EEXIST|ENOTDIR/) })
    expect(await files()).toHaveLength(1)
  })
})
