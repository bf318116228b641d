import { readFile } from 'node:fs/promises'
import { expect, it, vi } from 'vitest'
import { Captures } from '../../../src-main/core/captures.ts'
import { Pictures } from '../../../src-main/core/pictures.ts'
import type { AttachmentStore } from '../../../src-main/storage/attachment-store.ts'

const png = await readFile('tests/fixtures/reference/images/small.png')
const store = { add: async () => 'a'.repeat(64) } as unknown as AttachmentStore
const names = (captures: Captures) => captures.collect().map(({ name }) => name)

it('keeps what is handed over before there is a window, and gives it once', async () => {
  const captures = new Captures(new Pictures(store))
  await captures.hand('first.png', png)
  await captures.hand('second.png', png)
  const told = vi.fn()
  captures.onTaken(told)
  expect(names(captures)).toEqual(['first.png', 'second.png'])
  expect(names(captures)).toEqual([])
  await captures.hand('third.png', png)
  expect(told).toHaveBeenCalledTimes(1)
  expect(names(captures)).toEqual(['third.png'])
})

it('keeps what the shell takes, and nothing where the person left', async () => {
  const captures = new Captures(new Pictures(store))
  await expect(captures.start('screen')).rejects.toMatchObject({ code: 'capture-unavailable' })
  captures.host = async () => undefined
  await captures.start('screen')
  expect(names(captures)).toEqual([])
  captures.host = async () => png
  await captures.start('screen')
  expect(names(captures)).toEqual([expect.stringMatching(/^Screen [\d-]+ [\d.]+\.png$/)])
})
