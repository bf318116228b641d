import { statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { checkFreeSpace } from '../../../native-models/install/free-space.ts'

test('tells how much is needed and how much is there', async () => {
  await checkFreeSpace(tmpdir(), 0)
  const { blocks, bsize } = await statfs(tmpdir())
  await expect(checkFreeSpace(tmpdir(), blocks * bsize)).rejects.toMatchObject({
    code: 'disk-full',
    message: expect.stringMatching(/^\d+ MiB are needed in .+, \d+ MiB are free\.$/),
  })
})
