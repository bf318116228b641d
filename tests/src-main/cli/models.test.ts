import { appendFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { owl } from './owl.ts'

const checkpoint = 'tests/fixtures/reference/tiny-512'

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'owl-models-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const models = (...words: string[]) => owl(['models', ...words], { OWL_DATA_DIR: root })
const names = async () => (JSON.parse((await models('list', '--json')).stdout) as { name: string }[]).map((m) => m.name)

describe('owl models', { timeout: 300_000 }, () => {
  it('installs, lists, verifies and removes a model', async () => {
    const added = await models('add', checkpoint, '--name', 'tiny')
    expect(added).toMatchObject({ code: 0, stdout: expect.stringContaining('Installed tiny.') })
    // No terminal, so lines instead of a bar.
    expect(added.stderr).toMatch(/^writing [a-z-]+/m)
    expect(added.stderr).not.toContain('\u001b')

    expect(await names()).toContain('tiny')
    expect((await models('list')).stdout).toMatch(/^tiny +\d+ MiB {2}tiny$/m)
    expect(await models('verify', 'tiny')).toMatchObject({ code: 0, stdout: 'tiny is whole.\n' })

    expect(await models('add', checkpoint, '--name', 'tiny')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('installed already'),
    })

    await appendFile(join(root, 'models', 'tiny', 'tokenizer.json'), ' ')
    const damaged = await models('verify', 'tiny')
    expect(damaged).toMatchObject({ code: 1, stderr: expect.stringContaining('tokenizer.json') })
    expect(damaged.stderr).toContain('install it again')

    expect(await models('remove', 'tiny')).toMatchObject({ code: 0, stdout: 'Removed tiny.\n' })
    expect(await names()).not.toContain('tiny')
  })

  it.each([
    [['verify', 'nobody'], /"nobody"/],
    [['remove', 'nobody'], /"nobody"/],
    [['remove', '../models'], /"\.\.\/models"/],
    [['add', 'tests/fixtures/missing'], /missing/],
    [['add', 'tests/fixtures/reference/images'], /config\.json/],
    [['add', checkpoint, '--name', '../outside'], /cannot be the name/],
  ])('fails with 1 and says why: %j', async (words, why) => {
    const { code, stderr } = await models(...words)
    expect(stderr).toMatch(why)
    expect(stderr).not.toMatch(/^\s+at /m)
    expect(code).toBe(1)
  })
})
