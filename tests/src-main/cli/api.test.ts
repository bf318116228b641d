import { rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DataFolder } from '../../../src-main/core/data-folder.ts'
import { tinyDataFolder, tinyModel } from '../tiny-model.ts'
import { outcome, owl, startOwl } from './owl.ts'

let data: DataFolder
let environment: NodeJS.ProcessEnv
beforeAll(async () => {
  data = await tinyDataFolder()
  environment = { OWL_DATA_DIR: data.root, OWL_MODEL: tinyModel }
})
afterAll(() => rm(data.root, { recursive: true, force: true }))

/** Starts `owl api` on a free port; what it prints. */
async function start(...words: string[]) {
  const child = startOwl(['api', '--port', '0', ...words], environment)
  const done = outcome(child)
  const printed = await new Promise<string>((found) => child.stdout.once('data', (data) => found(String(data))))
  const [, address, key] = /^Address: (http:\/\/127\.0\.0\.1:\d+\/v1)\nKey: (owl-\S+)\n$/.exec(printed) ?? []
  const stop = () => {
    child.kill('SIGINT')
    return done
  }
  return { address: address!, key: key!, stop }
}

describe('owl api', { timeout: 300_000 }, () => {
  it('prints address and key, answers, and ends on Ctrl-C; the key stays until another is made', async () => {
    const first = await start()
    const answer = await fetch(`${first.address}/chat/completions`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${first.key}` },
      body: JSON.stringify({ max_tokens: 4, messages: [{ role: 'user', content: 'What is it?' }] }),
    })
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({ model: tinyModel, usage: { completion_tokens: 4 } })
    expect((await fetch(`${first.address}/models`)).status).toBe(401)
    expect(await first.stop()).toMatchObject({ code: 130, stderr: '' })

    const again = await start()
    expect(again.key).toBe(first.key)
    await again.stop()
    const anew = await start('--new-key')
    expect(anew.key).not.toBe(first.key)
    await anew.stop()
  })

  it('says so when the port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => taken.once('listening', resolve))
    const { port } = taken.address() as AddressInfo
    const { code, stdout, stderr } = await owl(['api', '--port', String(port)], environment)
    taken.close()
    expect(stderr).toContain(`Port ${port} is in use by another program.`)
    expect(stdout).toBe('')
    expect(code).toBe(1)
  })
})
