import { createReadStream, existsSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import sirv from 'sirv'
import { WebSocketServer } from 'ws'
import { OwlError } from '../../native-models/owl-error.ts'
import type { Assistant } from '../core/assistant.ts'
import { attachmentHeaders, windowHeaders } from '../ipc/content-security.ts'
import { maxFrameBytes, serveWindowOverWebSocket } from '../ipc/web-socket-transport.ts'
import type { Attachment } from '../storage/attachment-store.ts'
import { Access, isLoopbackHost, isOwnOrigin } from './access.ts'

export interface BrowserShell {
  /** Address with the token, for the person who started it. */
  url: string
  port: number
  close(): Promise<void>
}

export interface BrowserShellOptions {
  assistant: Assistant
  /** Folder of the built window. */
  rendererFolder: string
  /** 0 takes a free one. */
  port: number
}

/**
 * Serves the window to a browser on this machine: its files, attachments, and the contract over a WebSocket.
 * Listens on loopback only.
 * @throws OwlError `usage` if the port is taken
 */
export async function startBrowserShell(options: BrowserShellOptions): Promise<BrowserShell> {
  const { assistant, rendererFolder } = options
  // Read anew on each request: no cost on loopback, and a new build shows on reload.
  const serveFile = sirv(rendererFolder, { dev: true })
  const server = createServer()
  const port = await listen(server, options.port)
  const access = new Access(port)
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxFrameBytes, perMessageDeflate: false })

  server.on('request', (request, response) => {
    setHeaders(response, windowHeaders)
    const url = requestUrl(request)
    if (!url) return refuse(response, 400, 'This is no address.')
    if (!isLoopbackHost(request)) return refuse(response, 403, 'This address is not served.')
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, 'Only GET is served.')
    const token = url.searchParams.get('token')
    if (token !== null && access.isToken(token)) return welcome(response, access.cookie)
    if (!access.hasCookie(request)) return refuse(response, 401, 'Open the address printed by `owl serve`.')
    if (url.pathname.startsWith('/attachments/')) {
      return void sendAttachment(assistant, url.pathname.slice('/attachments/'.length), response)
    }
    if (url.pathname.startsWith('/thumbnails/')) {
      return void sendThumbnail(assistant, url.pathname.slice('/thumbnails/'.length), response)
    }
    if (url.pathname.startsWith('/exports/')) {
      return void sendExport(assistant, url.pathname.slice('/exports/'.length), response)
    }
    if (!existsSync(join(rendererFolder, 'index.html'))) {
      return refuse(response, 503, 'The window has not been built: run `npm run build`.')
    }
    serveFile(request, response, () => refuse(response, 404, 'There is no such file.'))
  })

  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    if (!isLoopbackHost(request) || !isOwnOrigin(request)) return refuseUpgrade(socket, 403)
    if (!access.hasCookie(request)) return refuseUpgrade(socket, 401)
    if (requestUrl(request)?.pathname !== '/socket') return refuseUpgrade(socket, 404)
    sockets.handleUpgrade(request, socket, head, (window) => serveWindowOverWebSocket(window, assistant))
  })

  return {
    url: `http://127.0.0.1:${port}/?token=${access.token}`,
    port,
    close: () =>
      new Promise((resolve) => {
        for (const window of sockets.clients) window.terminate()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function requestUrl(request: IncomingMessage): URL | undefined {
  try {
    return new URL(request.url ?? '/', 'http://localhost')
  } catch {
    return undefined
  }
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const why = cause.code === 'EADDRINUSE' ? 'is in use by another program' : `cannot be used (${cause.code})`
      reject(
        new OwlError('usage', `Port ${port} ${why}.`, { hint: 'Choose another with --port, or leave it out.', cause }),
      )
    })
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}

/**
 * Takes the token out of the address bar. A page that leads on, and not a redirect: a strict cookie is not sent
 * along a redirect that began on another site, such as a terminal in a browser tab.
 */
function welcome(response: ServerResponse, cookie: string): void {
  response.writeHead(200, {
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
    'Set-Cookie': cookie,
  })
  response.end('<!doctype html><meta http-equiv="refresh" content="0; url=./"><title>Owl Desktop</title>')
}

async function sendAttachment(assistant: Assistant, hash: string, response: ServerResponse): Promise<void> {
  await orRefuse(response, async () => sendPicture(await assistant.attachments.read(hash), response))
}

async function sendThumbnail(assistant: Assistant, hash: string, response: ServerResponse): Promise<void> {
  await orRefuse(response, async () => sendPicture(await assistant.thumbnails.read(hash), response))
}

function sendPicture({ bytes, mediaType }: Attachment, response: ServerResponse): void {
  setHeaders(response, attachmentHeaders)
  response.writeHead(200, { 'Content-Type': mediaType, 'Content-Length': bytes.byteLength })
  response.end(bytes)
}

async function sendExport(assistant: Assistant, id: string, response: ServerResponse): Promise<void> {
  await orRefuse(response, async () => {
    const { path, fileName, bytes } = await assistant.transfers.download(id)
    response.writeHead(200, {
      'Content-Type': 'application/zip',
      'Content-Disposition': `attachment; filename="${fileName}"`,
      'Content-Length': bytes,
      'Cache-Control': 'no-store',
    })
    await pipeline(createReadStream(path), response)
  })
}

async function orRefuse(response: ServerResponse, send: () => void | Promise<void>): Promise<void> {
  try {
    await send()
  } catch (thrown) {
    if (response.headersSent) return void response.destroy()
    const error = OwlError.from(thrown)
    refuse(response, error.code === 'not-found' ? 404 : 500, error.message)
  }
}

function setHeaders(response: ServerResponse, headers: Record<string, string>): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' })
  response.end(`${message}\n`)
}

function refuseUpgrade(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
