import { expect, test } from 'vitest'
import { writtenSigns } from '../../../native-models/text-reader/written-signs.ts'

test.each([
  ['Save（copy）：1，2！', 'Save(copy):1,2!'],
  ['剩余空间：128 GB，共 512 GB', '剩余空间：128 GB，共 512 GB'],
  ['是否发送？', '是否发送？'],
  ['○ Whole word', 'Whole word'],
  ['  two   spaces ', 'two spaces'],
])('%s is written %s', (read, written) => {
  expect(writtenSigns(read)).toBe(written)
})
