import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { decode, encode } from '@msgpack/msgpack'
import { afterEach, expect, it, vi } from 'vitest'
import WebSocket, { WebSocketServer } from 'ws'
import { connectBrowserShell } from '../../../src-renderer/app/browser-shell.ts'
import type { ConnectionState } from '../../../src-renderer/app/shell.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

/** A server on loopback that keeps what it was sent, and a shell connected to it. */
async function connect(respond: (message: { id: number; call: string; input: unknown }) => object | undefined) {
  let status = 200
  const server = createServer((_, response) => response.writeHead(status).end())
  const sockets = new WebSocketServer({ noServer: true })
  server.on('upgrade', (request, socket, head) => {
    if (status === 401) return socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n')
    sockets.handleUpgrade(request, socket, head, (client) => {
      client.on('message', (data: Buffer) => {
        const answer = respond(decode(data) as { id: number; call: string; input: unknown })
        if (answer) client.send(encode(answer))
      })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  class OwnWebSocket extends WebSocket {
    constructor(url: URL) {
      super(url, { origin: url.origin })
      // A browser's socket does not throw what nobody listens to.
      this.on('error', () => {})
    }
  }
  const shell = connectBrowserShell(new URL(`http://127.0.0.1:${port}/?x=1#y`), {
    backOff: { first: 20, most: 40 },
    WebSocket: OwnWebSocket as unknown as new (url: URL) => globalThis.WebSocket,
  })
  const states: ConnectionState[] = []
  shell.onConnection((state) => states.push(state))
  const drop = () => {
    for (const client of sockets.clients) client.terminate()
  }
  const refuse = () => {
    status = 401
    drop()
  }
  closers.push(async () => {
    // A shell that is refused does not try again.
    refuse()
    await vi.waitFor(() => expect(states.at(-1)).toBe('refused'))
    server.closeAllConnections()
    server.close()
  })
  return {
    shell,
    states,
    drop,
    refuse,
    send: (message: object) => {
      for (const client of sockets.clients) client.send(encode(message))
    },
  }
}

it('carries calls made before the socket is open, bytes as bytes, and leaves undefined out', async () => {
  const { shell } = await connect(({ id, input }) => ({ id, output: { got: input } }))
  const bytes = new Uint8Array([0, 1, 255])
  const output = await shell.api.call('pictures.add', { name: 'a.png', bytes, missing: undefined } as never)
  expect(output).toEqual({ got: { name: 'a.png', bytes } })
})

it('rejects with the error that main gave', async () => {
  const error = { code: 'picture-empty', message: 'No bytes.', hint: 'Save it.' }
  const { shell } = await connect(({ id }) => ({ id, error }))
  await expect(shell.api.call('models.list', {})).rejects.toEqual(error)
})

it('hands events to those who listen, until they leave', async () => {
  const { shell, send } = await connect(({ id }) => ({ id, output: [] }))
  const heard: string[] = []
  const leave = shell.api.on('answer.text', ({ text }) => heard.push(text))
  await shell.api.call('models.list', {})
  send({ event: 'answer.text', payload: { requestId: '1', text: 'one' } })
  await vi.waitFor(() => expect(heard).toEqual(['one']))
  leave()
  send({ event: 'answer.text', payload: { requestId: '1', text: 'two' } })
  await shell.api.call('models.list', {})
  expect(heard).toEqual(['one'])
})

it('fails calls of a lost connection, connects again and says both', async () => {
  const { shell, states, drop } = await connect(({ id, call }) =>
    call === 'models.list' ? { id, output: ['again'] } : undefined,
  )
  const unanswered = shell.api.call('models.load', { name: 'x' })
  await shell.api.call('models.list', {})
  drop()
  await expect(unanswered).rejects.toMatchObject({ code: 'connection-lost' })
  await expect(shell.api.call('models.list', {})).rejects.toMatchObject({ code: 'connection-lost' })
  await vi.waitFor(() => expect(states).toEqual(['lost', 'open']))
  expect(await shell.api.call('models.list', {})).toEqual(['again'])
})

it('gives up when the page is no longer known', async () => {
  const { shell, states, refuse } = await connect(({ id }) => ({ id, output: [] }))
  await shell.api.call('models.list', {})
  refuse()
  await vi.waitFor(() => expect(states).toEqual(['lost', 'refused']))
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(states).toEqual(['lost', 'refused'])
})
