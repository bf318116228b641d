import { expect, test } from 'vitest'
import { diskError } from '../../../native-models/install/disk-error.ts'

const thrown = (code: string, words: string) => Object.assign(new Error(`${code}: ${words}, write`), { code })

test.each([
  ['ENOSPC', 'no space left on device', 'disk-full'],
  ['EDQUOT', 'disk quota exceeded', 'disk-full'],
  ['EFBIG', 'file too large', 'install-failed'],
  ['EROFS', 'read-only file system', 'install-failed'],
  ['EIO', 'i/o error', 'install-failed'],
])('%s is told as a fault of the disk, with the file', (code, words, told) => {
  const error = diskError(thrown(code, words), '/models/weights.part')
  expect(error.code).toBe(told)
  expect(error.message).toContain('/models/weights.part')
  if (code !== 'EFBIG') expect(error.message).toContain(words)
  expect(error.hint).not.toContain('network')
})
