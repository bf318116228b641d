import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { type IncomingHttpHeaders, request } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { encode } from '@msgpack/msgpack'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Assistant } from '../../../src-main/core/assistant.ts'
import type { DataFolder } from '../../../src-main/core/data-folder.ts'
import type { StoredPicture } from '../../../src-main/core/pictures.ts'
import { ForkHost } from '../../../src-main/inference/fork-host.ts'
import { maxFrameBytes } from '../../../src-main/ipc/web-socket-transport.ts'
import { type BrowserShell, startBrowserShell } from '../../../src-main/server/browser-shell.ts'
import { tinyDataFolder, tinyModel } from '../tiny-model.ts'
import { WindowClient } from './window-client.ts'

const readPicture = (name: string) => readFile(`tests/fixtures/reference/images/${name}.png`)
const [png, landscape, strip] = await Promise.all([
  readPicture('small'),
  readPicture('landscape'),
  readPicture('strip'),
])

let folder: DataFolder
let assistant: Assistant
let shell: BrowserShell
let host: string
let token: string
let cookie: string

interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

/** Plain http, as `fetch` would not let a test choose Host and would tidy paths up. */
async function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  const sent = request({ host: '127.0.0.1', port: shell.port, path, method, headers: { Host: host, ...headers } })
  sent.end()
  const [response] = await once(sent, 'response')
  return { status: response.statusCode, headers: response.headers, body: await text(response) }
}

const getSignedIn = (path: string, headers: Record<string, string> = {}) => get(path, { Cookie: cookie, ...headers })

const openWindow = (headers: Record<string, string> = {}, path = '/socket') =>
  new WindowClient(`ws://${host}${path}`, { Origin: `http://${host}`, Cookie: cookie, ...headers }).open()

beforeAll(async () => {
  folder = await tinyDataFolder()
  const rendererFolder = join(folder.root, 'renderer')
  await mkdir(join(rendererFolder, 'assets'), { recursive: true })
  await writeFile(join(rendererFolder, 'index.html'), '<!doctype html><title>Window</title>')
  await writeFile(join(rendererFolder, 'assets', 'index.js'), 'export {}')
  await writeFile(join(folder.root, 'secret.txt'), 'secret')
  assistant = new Assistant({ host: new ForkHost(), folder })
  await assistant.models.load(tinyModel)
  shell = await startBrowserShell({ assistant, rendererFolder, port: 0 })
  host = `127.0.0.1:${shell.port}`
  token = new URL(shell.url).searchParams.get('token')!
  const [set] = (await get(`/?token=${token}`)).headers['set-cookie'] ?? []
  cookie = set!.split(';')[0]!
})

afterAll(async () => {
  await shell?.close()
  await assistant?.close()
  await rm(folder?.root ?? '', { recursive: true, force: true })
})

describe('who is let in', () => {
  it('takes the token once and gives a cookie that scripts and other sites cannot use', async () => {
    const { status, headers, body } = await get(`/?token=${token}`)
    expect(status).toBe(200)
    expect(headers['set-cookie']?.[0]).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/)
    expect(headers['cache-control']).toBe('no-store')
    expect(body).toContain('url=./')
    expect(body).not.toContain(token)
  })

  it.each([
    ['nothing', '/', {}],
    ['a wrong token', '/?token=wrong', {}],
    ['an empty token', '/?token=', {}],
    ['a wrong cookie', '/', { Cookie: 'owl-session-1=wrong' }],
    ['the cookie under another name', '/', () => ({ Cookie: `owl-session-1=${token}` })],
    ['no cookie, for an attachment', `/attachments/${'0'.repeat(64)}`, {}],
  ])('refuses %s', async (_, path, headers) => {
    const answer = await get(path, typeof headers === 'function' ? headers() : headers)
    expect(answer.status).toBe(401)
    expect(answer.headers['set-cookie']).toBeUndefined()
  })

  it.each(['example.org', 'owl.example.org:80', '127.0.0.1.example.org', '169.254.169.254', '0.0.0.0'])(
    'refuses the host name %j, also with the right token and cookie',
    async (name) => {
      expect((await get(`/?token=${token}`, { Host: name })).status).toBe(403)
      expect((await getSignedIn('/', { Host: name })).status).toBe(403)
    },
  )

  it('takes loopback names at another port, as through a tunnel', async () => {
    for (const name of ['localhost:9000', '127.0.0.1:9000', '[::1]:9000']) {
      expect((await getSignedIn('/', { Host: name })).status).toBe(200)
    }
  })

  it('serves GET and HEAD only', async () => {
    expect((await get('/', { Cookie: cookie }, 'POST')).status).toBe(405)
    expect((await get('/', { Cookie: cookie }, 'DELETE')).status).toBe(405)
    expect((await get('/', { Cookie: cookie }, 'HEAD')).status).toBe(200)
  })

  it.each([
    ['a foreign origin', { Origin: 'https://example.org' }, 403],
    ['the origin of another port', { Origin: 'http://127.0.0.1:1' }, 403],
    ['no origin', { Origin: 'null' }, 403],
    ['a foreign host', { Host: 'example.org', Origin: 'http://example.org' }, 403],
    ['no cookie', { Cookie: '' }, 401],
    ['a wrong cookie', { Cookie: 'owl-session-1=x' }, 401],
  ])('refuses a WebSocket with %s', async (_, headers, status) => {
    await expect(openWindow(headers)).rejects.toThrow(`Unexpected server response: ${status}`)
  })

  it('serves the WebSocket at one path only', async () => {
    await expect(openWindow({}, '/other')).rejects.toThrow('Unexpected server response: 404')
  })

  it('outlives requests that are no HTTP and addresses that are none', async () => {
    for (const line of ['GET // HTTP/1.1', 'GET http://[ HTTP/1.1', 'nonsense']) {
      const socket = connect(shell.port, '127.0.0.1')
      socket.end(`${line}\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
      expect(await text(socket)).toMatch(/^HTTP\/1\.1 400/)
    }
    expect((await getSignedIn('/')).status).toBe(200)
  })
})

describe('what is served', () => {
  it('serves the window under a strict policy', async () => {
    for (const path of ['/', '/assets/index.js']) {
      const { status, headers } = await getSignedIn(path)
      expect(status).toBe(200)
      const policy = headers['content-security-policy']
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("script-src 'self';")
      expect(policy).not.toContain('unsafe')
      expect(headers['x-content-type-options']).toBe('nosniff')
      expect(headers['referrer-policy']).toBe('no-referrer')
    }
  })

  it.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/../../secret.txt',
    '/..\\secret.txt',
    '/%00',
    '/%ff',
    '/missing.html',
  ])('has nothing at %s', async (path) => {
    const { status, body } = await getSignedIn(path)
    expect(status).toBe(404)
    expect(body).not.toContain('secret')
  })

  it('serves an attachment by its hash, as what its bytes are', async () => {
    const hash = await assistant.attachments.add(png)
    const { status, headers } = await getSignedIn(`/attachments/${hash}`)
    expect(status).toBe(200)
    expect(headers['content-type']).toBe('image/png')
    expect(headers['content-security-policy']).toContain('sandbox')
    expect(headers['cache-control']).toContain('immutable')
  })

  it('never serves bytes of an attachment as a page', async () => {
    const hash = await assistant.attachments.add(Buffer.from('<!doctype html><script>alert(1)</script>'))
    const { headers } = await getSignedIn(`/attachments/${hash}`)
    expect(headers['content-type']).toBe('application/octet-stream')
  })

  it.each([
    `/attachments/${'0'.repeat(64)}`,
    '/attachments/..%2f..%2fsecret.txt',
    '/attachments/../../secret.txt',
    '/attachments/%2e%2e/%2e%2e/secret.txt',
    '/attachments//etc/passwd',
    '/attachments/',
  ])('has no attachment at %s', async (path) => {
    const { status, body } = await getSignedIn(path)
    expect(status).toBe(404)
    expect(body).not.toMatch(/secret|root:/)
  })

  it('says what to do where the window has not been built', async () => {
    const unbuilt = await startBrowserShell({ assistant, rendererFolder: join(folder.root, 'none'), port: 0 })
    const given = new URL(unbuilt.url).searchParams.get('token')
    const response = await fetch(`http://127.0.0.1:${unbuilt.port}/`, {
      headers: { Cookie: `owl-session-${unbuilt.port}=${given}` },
    })
    expect(response.status).toBe(503)
    expect(await response.text()).toContain('npm run build')
    await unbuilt.close()
  })

  it('says so when the port is taken', async () => {
    await expect(startBrowserShell({ assistant, rendererFolder: folder.root, port: shell.port })).rejects.toMatchObject(
      { code: 'usage', message: expect.stringContaining(String(shell.port)) },
    )
  })
})

describe('the contract over the WebSocket', () => {
  /** A question in a chat of its own, and the answer's id. */
  const question = (answerId: string, text: string, maxTokens = 4, pictures: StoredPicture[] = []) => ({
    chatId: `chat ${answerId}`,
    questionId: `question ${answerId}`,
    answerId,
    text,
    pictures,
    settings: { sampling: { maxTokens } },
  })

  it('tells a new window the state of the model, and answers calls', async () => {
    const window = await openWindow()
    expect(await window.event('models.changed')).toMatchObject({ state: 'ready', name: tinyModel })
    expect(await window.call('app.info', {})).toMatchObject({ name: 'Owl Desktop', shell: 'browser' })
    expect((await window.call('models.list', {})).map(({ name }) => name)).toContain(tinyModel)
    expect(await window.call('models.state', {})).toMatchObject({ state: 'ready', name: tinyModel })
    window.close()
  })

  it('takes a picture, serves it and answers a question about it', async () => {
    const window = await openWindow()
    const picture = await window.call('pictures.add', { name: '/home/me/small.png', bytes: png })
    expect(picture).toEqual({
      hash: createHash('sha256').update(png).digest('hex'),
      name: 'small.png',
      width: expect.any(Number),
      height: expect.any(Number),
      bytes: png.byteLength,
    })
    expect((await getSignedIn(`/attachments/${picture.hash}`)).status).toBe(200)

    await window.call('chats.ask', question('first', 'What is it?', 4, [picture]))
    const { stats, finish } = await window.event('answer.finished', ({ requestId }) => requestId === 'first')
    expect(stats.visualRows).toBeGreaterThan(1)
    expect(stats.tokens).toBeGreaterThan(0)
    expect(finish).toMatch(/length|stop/)
    window.close()
  })

  it('hands pictures over that came before the window, once', async () => {
    await assistant.captures.hand('opened.png', landscape)
    const window = await openWindow()
    const { pictures } = await window.call('capture.collect', {})
    expect(pictures).toMatchObject([{ name: 'opened.png' }])
    expect(await window.call('capture.collect', {})).toEqual({ pictures: [] })
    await assistant.captures.hand('later.png', png)
    await window.event('capture.taken')
    expect(await window.call('capture.collect', {})).toMatchObject({ pictures: [{ name: 'later.png' }] })
    window.close()
  })

  it('looks at a picture while the question is written, and never complains of it', async () => {
    const window = await openWindow()
    const picture = await window.call('pictures.add', { name: 'landscape.png', bytes: landscape })
    const missing = { ...picture, hash: '0'.repeat(64) }
    await window.call('chats.prepare', { pictures: [missing] })
    await window.call('chats.prepare', { pictures: [picture] })
    await window.call('chats.ask', question('prepared', 'What is it?', 4, [picture]))
    const { stats } = await window.event('answer.finished', ({ requestId }) => requestId === 'prepared')
    expect(stats.cachedRows).toBeGreaterThanOrEqual(stats.visualRows)

    const other = await window.call('pictures.add', { name: 'strip.png', bytes: strip })
    const { chatId } = question('prepared', '')
    await window.call('chats.prepare', { chatId, parentId: 'prepared', pictures: [other] })
    const next = { ...question('second', 'And this?', 4, [other]), chatId, parentId: 'prepared' }
    await window.call('chats.ask', next)
    const { stats: later } = await window.event('answer.finished', ({ requestId }) => requestId === 'second')
    expect(later.visualRows).toBe(2 * stats.visualRows)
    expect(later.promptRows - later.cachedRows).toBeLessThan(stats.visualRows + 20)
    expect(later.cachedRows).toBeGreaterThan(stats.promptRows + stats.visualRows)
    window.close()
  })

  it('gives the same text in pieces as in one', async () => {
    const window = await openWindow()
    const ask = async (requestId: string) => {
      await window.call('chats.ask', question(requestId, 'Say something long.', 40))
      await window.event('answer.finished', (finished) => finished.requestId === requestId)
      return window.events
        .flatMap((message) => (message.event === 'answer.text' ? [message.payload] : []))
        .filter((piece) => piece.requestId === requestId)
        .map((piece) => piece.text)
        .join('')
    }
    const answer = await ask('one')
    expect(answer).not.toBe('')
    expect(await ask('two')).toBe(answer)
    window.close()
  })

  it('sends answers to the window that asked, and to no other', async () => {
    const [asking, other] = await Promise.all([openWindow(), openWindow()])
    await asking.call('chats.ask', question('mine', 'Hello'))
    await asking.event('answer.finished')
    await other.call('app.info', {})
    expect(other.events.filter(({ event }) => event.startsWith('answer.'))).toEqual([])
    asking.close()
    other.close()
  })

  it('stops an answer on request', async () => {
    const window = await openWindow()
    await window.call('chats.ask', question('long', 'Talk on', 100_000))
    await window.event('answer.text')
    await window.call('chats.stop', { answerId: 'long' })
    expect(await window.event('answer.finished')).toMatchObject({ requestId: 'long' })
    await window.call('chats.stop', { answerId: 'unknown' })
    window.close()
  })

  it('stops the answers of a window that is gone', async () => {
    const first = await openWindow()
    await first.call('chats.ask', question('abandoned', 'Talk on', 100_000))
    await first.event('answer.text')
    first.close()
    const second = await openWindow()
    await second.call('chats.ask', question('next', 'Hello'))
    expect(await second.event('answer.finished')).toMatchObject({ requestId: 'next' })
    second.close()
  })

  it.each([
    ['an unknown call', 'app.quit', {}],
    ['a name of the language', 'constructor', {}],
    ['a missing input', 'models.load', undefined],
    ['a wrong type', 'models.load', { name: 7 }],
    ['a picture as text', 'pictures.add', { name: 'a.png', bytes: 'text' }],
    [
      'a hash that is a path',
      'chats.ask',
      question('x', '', 4, [{ hash: '../../secret.txt', name: 'x', width: 1, height: 1, bytes: 1 }]),
    ],
    ['no question', 'chats.ask', { chatId: 'x', answerId: 'x' }],
    [
      'a temperature out of bounds',
      'chats.ask',
      { ...question('x', 'x'), settings: { sampling: { temperature: -1 } } },
    ],
  ])('answers %s with an error and goes on', async (_, call, input) => {
    const window = await openWindow()
    await expect(window.callAnything(call, input)).rejects.toEqual({
      code: 'request-invalid',
      message: expect.stringContaining(call),
      hint: expect.any(String),
    })
    expect(await window.call('models.state', {})).toMatchObject({ state: 'ready' })
    window.close()
  })

  it('passes errors of core on with their code and hint', async () => {
    const window = await openWindow()
    await expect(window.call('pictures.add', { name: 'a.png', bytes: new Uint8Array() })).rejects.toMatchObject({
      code: 'picture-empty',
      hint: expect.any(String),
    })
    const missing = { hash: '0'.repeat(64), name: 'gone.png', width: 1, height: 1, bytes: 1 }
    await window.call('chats.ask', question('gone', 'What?', 4, [missing]))
    expect(await window.event('answer.failed')).toMatchObject({
      requestId: 'gone',
      error: { code: 'picture-not-found', message: expect.stringContaining('gone.png') },
    })
    window.close()
  })

  it('refuses a second answer under the same id while the first is under way', async () => {
    const window = await openWindow()
    const request = question('twice', 'Talk on', 100_000)
    await window.call('chats.ask', request)
    await expect(window.call('chats.ask', request)).rejects.toMatchObject({ code: 'request-invalid' })
    window.close()
  })

  it.each([
    ['a text frame', 'text'],
    ['bytes that are no MessagePack', Buffer.from([0xc1, 0xff])],
    ['a frame cut off', Buffer.from(encode({ id: 1, call: 'app.info', input: {} })).subarray(0, 9)],
    ['an array that claims a length it does not have', Buffer.from([0xdd, 0x02, 0, 0, 0])],
    ['no request', Buffer.from(encode([1, 2, 3]))],
    ['a request without an id', Buffer.from(encode({ call: 'app.info', input: {} }))],
    ['a key of the language', Buffer.from([0x81, 0xa9, ...Buffer.from('__proto__'), 0x80])],
  ])('closes a window that sends %s', async (_, frame) => {
    const window = await openWindow()
    window.socket.send(frame)
    expect(await window.closeCode()).toBe(1007)
  })

  it('closes a window that sends more than a picture can hold', async () => {
    const window = await openWindow()
    window.socket.on('error', () => {})
    window.socket.send(Buffer.alloc(maxFrameBytes + 1))
    expect(await window.closeCode()).toBe(1009)
    expect((await getSignedIn('/')).status).toBe(200)
  })

  it('refuses a picture above the limit by an ordinary error', async () => {
    const window = await openWindow()
    const bytes = new Uint8Array(65 * 2 ** 20)
    await expect(window.call('pictures.add', { name: 'huge.png', bytes })).rejects.toMatchObject({
      code: 'picture-too-large',
    })
    window.close()
  })
})
