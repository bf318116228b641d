import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readShardIndex } from '../../../native-models/checkpoint/shard-index.ts'
import { temporaryFolder } from './temporary-folder.ts'

async function indexOf(content: unknown): Promise<string> {
  const path = join(await temporaryFolder(), 'model.safetensors.index.json')
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

test('reads which file holds a weight', async () => {
  const path = await indexOf({
    metadata: { total_size: 8 },
    weight_map: { a: 'x-1.safetensors', b: 'x-2.safetensors' },
  })
  expect([...(await readShardIndex(path))]).toEqual([
    ['a', 'x-1.safetensors'],
    ['b', 'x-2.safetensors'],
  ])
})

test.each(['../x', '/etc/passwd', 'a/b', 'a\\b', 'C:x', '..', '.', '', 'a\0b'])(
  'refuses the file name %j',
  async (name) => {
    await expect(readShardIndex(await indexOf({ weight_map: { a: name } }))).rejects.toMatchObject({
      code: 'checkpoint-unsafe-path',
      message: expect.stringContaining(JSON.stringify(name)),
    })
  },
)

test.each([
  ['text', '{"weight_map":', 'not JSON'],
  ['a list', [], 'not a JSON object'],
  ['no map', { metadata: {} }, 'weight_map'],
  ['numbers for names', { weight_map: { a: 1 } }, 'weight_map'],
  ['a weight twice', '{"weight_map":{"a":"x","b":"x","a":"y"}}', '"a" twice'],
])('refuses %s', async (_, content, message) => {
  await expect(readShardIndex(await indexOf(content))).rejects.toMatchObject({
    code: 'checkpoint-damaged',
    message: expect.stringContaining(message),
  })
})
