import { appendFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HubServer } from '../../native-models/install/hub/hub-server.ts'
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
    const verified = await models('verify', 'tiny')
    expect(verified).toMatchObject({ code: 0, stdout: expect.stringMatching(/^tiny is whole\.$/m) })
    expect(verified.stdout).toContain('It answers as it did when it was installed.')
    expect(verified.stdout).toMatch(/cosine of the logits 0\.\d+, same best token at \d+ of 32 positions/)

    expect(await models('add', checkpoint, '--name', 'tiny')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('installed already'),
    })

    await appendFile(join(root, 'models', 'tiny', 'tokenizer.json'), ' ')
    const damaged = await models('verify', 'tiny')
    expect(damaged).toMatchObject({ code: 1, stderr: expect.stringContaining('tokenizer.json') })
    expect(damaged.stderr).toContain('owl models verify')
    expect((await models('list')).stdout).toMatch(/damaged: owl models repair/)
    expect(await models('repair', 'tiny')).toMatchObject({ code: 0 })
    const exported = join(root, 'exported')
    expect(await models('export', 'tiny', exported)).toMatchObject({ code: 0 })

    expect(await models('remove', 'tiny')).toMatchObject({ code: 0, stdout: 'Removed tiny.\n' })
    expect(await names()).not.toContain('tiny')
    expect(await models('import', join(exported, 'tiny'))).toMatchObject({ code: 0 })
    expect(await names()).toContain('tiny')

    const file = join(root, 'tiny.zip')
    expect(await models('export', 'tiny', file)).toMatchObject({ code: 0 })
    expect(await models('remove', 'tiny')).toMatchObject({ code: 0 })
    expect(await models('import', file)).toMatchObject({ code: 0 })
    expect(await names()).toContain('tiny')
    expect(await models('verify', 'tiny')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('It answers as it did when it was installed.'),
    })
    expect(await models('import', file)).toMatchObject({ code: 1, stderr: expect.stringContaining('tiny') })
  })

  it('installs from a hub, says what it takes first, and asks for the licence', async () => {
    const server = await new HubServer().start()
    try {
      server.addFolder('someone/owl', 'tests/fixtures/reference/tiny-gqa')
      const add = (...more: string[]) => models('add', 'someone/owl', '--hub', server.endpoint, ...more)
      const plan = await add('--plan')
      expect(plan.stdout).toMatch(/download +1 MiB/)
      expect(plan.stdout).toContain('LLaMA 2 Community License')
      expect(await add()).toMatchObject({ code: 1, stderr: expect.stringContaining('--accept-licence') })
      server.faults.push({
        kind: 'status',
        status: 403,
        path: 'model.safetensors',
        times: 9,
        body: '{"error":"gated"}',
      })
      expect(await add('--accept-licence')).toMatchObject({ code: 1, stderr: expect.stringContaining('gated') })
      server.faults.length = 0
      expect((await models('list')).stdout).toMatch(/^owl +owl \(failed: .*; owl models resume owl\)$/m)
      expect(await models('pause', 'owl')).toMatchObject({ code: 0 })
      expect(await models('resume', 'owl')).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('Installed owl.'),
      })
      expect(await names()).toContain('owl')
    } finally {
      await server.close()
    }
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
