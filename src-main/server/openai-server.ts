import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { OwlError } from '../../native-models/owl-error.ts'
import type { Assistant } from '../core/assistant.ts'
import type { Listening } from '../core/local-server.ts'
import { isLoopbackHost, isSameSecret } from './access.ts'
import { type Asked, completeChat } from './chat-completion.ts'
import { ModelTurns } from './model-turns.ts'
import { Refusal, sendJson } from './refusal.ts'

export interface OpenAiServerOptions {
  assistant: Asked & Pick<Assistant, 'log'>
  /** 0 takes a free one. */
  port: number
  /** What every request has to bring along. */
  key: () => Promise<string>
  /** Longest body of a request; pictures are in it, a third larger than their files. */
  maxBodyBytes?: number
}

const headersTimeoutMs = 10_000
/** For a request to arrive; the answer may take as long as it takes. */
const requestTimeoutMs = 120_000

/**
 * Serves the assistant to other programs of this machine in OpenAI's form. It listens on loopback only, answers nobody
 * without the key, and sends nothing that would let a page on the web read it.
 * @throws OwlError `port-unavailable`
 */
export async function startOpenAiServer(options: OpenAiServerOptions): Promise<Listening> {
  const turns = new ModelTurns(options.assistant.models)
  const server = createServer({ headersTimeout: headersTimeoutMs, requestTimeout: requestTimeoutMs })
  server.on('request', (request, response) => {
    answer(options, turns, request, response).catch((thrown) => refuse(options, response, thrown))
  })
  const port = await listen(server, options.port)
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(
  { assistant, key, maxBodyBytes = 96 * 2 ** 20 }: OpenAiServerOptions,
  turns: ModelTurns,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.setHeader('Cache-Control', 'no-store')
  response.setHeader('X-Content-Type-Options', 'nosniff')
  // A name that was pointed at loopback is how pages on the web would get here.
  if (!isLoopbackHost(request)) throw new Refusal(403, 'unauthorised', 'This host name is not served.', { hint: '' })
  if (!isSameSecret(bearer(request), await key())) {
    response.setHeader('WWW-Authenticate', 'Bearer')
    throw new Refusal(401, 'unauthorised', 'The key is missing or wrong.', {
      hint: "Send `Authorization: Bearer KEY`; it is in the settings, and `owl api` prints the terminal's.",
      publicCode: 'invalid_api_key',
    })
  }
  const path = pathOf(request)
  if (path === '/v1/chat/completions') {
    allow('POST', request, response)
    return completeChat(assistant, turns, await readJson(request, maxBodyBytes), response)
  }
  if (path === '/v1/models') {
    allow('GET', request, response)
    const names = (await assistant.library.list()).map(({ name }) => name)
    const data = await Promise.all(names.map((name) => modelOf(assistant, name)))
    return sendJson(response, 200, { object: 'list', data })
  }
  if (path.startsWith('/v1/models/')) {
    allow('GET', request, response)
    return sendJson(response, 200, await modelOf(assistant, path.slice('/v1/models/'.length)))
  }
  throw new Refusal(404, 'not-found', 'There is nothing at this address.', {
    hint: 'Served are GET /v1/models, GET /v1/models/NAME and POST /v1/chat/completions.',
  })
}

/** @throws OwlError `model-not-found` */
async function modelOf({ library }: Asked, name: string) {
  const { installedAt } = await library.manifest(name)
  return { id: name, object: 'model', created: Math.floor(Date.parse(installedAt) / 1000), owned_by: 'owl-desktop' }
}

function bearer(request: IncomingMessage): string {
  return /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''
}

function pathOf(request: IncomingMessage): string {
  try {
    return decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname)
  } catch (cause) {
    throw new Refusal(400, 'request-invalid', 'This is no address.', { cause })
  }
}

function allow(method: string, request: IncomingMessage, response: ServerResponse): void {
  if (request.method === method) return
  response.setHeader('Allow', method)
  throw new Refusal(405, 'request-invalid', `This address takes ${method} only.`)
}

/** @throws Refusal for a body that is too large or no JSON */
async function readJson(request: IncomingMessage, maxBytes: number): Promise<unknown> {
  const pieces: Buffer[] = []
  let bytes = Number(request.headers['content-length'] ?? 0)
  if (bytes <= maxBytes) {
    bytes = 0
    for await (const piece of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      bytes += piece.length
      if (bytes > maxBytes) break
      pieces.push(piece)
    }
  }
  if (bytes > maxBytes) {
    // The rest is let by: a program that is still sending would not read the answer otherwise.
    request.resume()
    const most = Math.floor(maxBytes / 2 ** 20)
    throw new Refusal(413, 'request-invalid', `The request is larger than ${most} MiB.`, {
      hint: 'Scale the pictures down, or send fewer of them.',
    })
  }
  try {
    return JSON.parse(Buffer.concat(pieces).toString('utf8'))
  } catch (cause) {
    throw new Refusal(400, 'request-invalid', 'The body is no JSON.', { cause })
  }
}

function refuse({ assistant }: OpenAiServerOptions, response: ServerResponse, thrown: unknown): void {
  // The program has gone: nobody is left to be told.
  if (response.destroyed) return
  const refusal = Refusal.of(thrown)
  if (refusal.status >= 500) assistant.log.writeError('local server request failed', thrown)
  if (response.headersSent) response.destroy()
  else sendJson(response, refusal.status, refusal.toBody())
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const why = cause.code === 'EADDRINUSE' ? 'is in use by another program' : `cannot be used (${cause.code})`
      reject(new OwlError('port-unavailable', `Port ${port} ${why}.`, { cause }))
    })
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}
