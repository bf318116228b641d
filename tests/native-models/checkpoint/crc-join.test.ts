import { randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { joinCrc } from '../../../native-models/checkpoint/crc-join.ts'

test.each([
  [0, 5],
  [5, 0],
  [1, 1],
  [10, 1000],
  [12_345, 777_777],
])('the checksum of %i and %i bytes together comes from both', (first, second) => {
  const [a, b] = [randomBytes(first), randomBytes(second)]
  expect(joinCrc(crc32(a), crc32(b), second)).toBe(crc32(Buffer.concat([a, b])))
})
