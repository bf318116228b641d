import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream, existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { decode, encode } from '@msgpack/msgpack'
import sirv from 'sirv'
import type { ErrorCode } from '../../../native-models/error-catalogue.ts'
import type { SmallFrame } from '../../../native-models/mplug-owl2/video/scenes.ts'
import { OwlError } from '../../../native-models/owl-error.ts'
import type { HiddenPage, OpenPage } from './browser-page.ts'
import { stopped, type VideoDecoder, type VideoFile, type VideoFrame, type VideoInfo } from './video-file.ts'

const pageName = 'video-frames.html'
/** A browser that does not come to its page by then will not. */
const startMs = 60_000

interface Outcome {
  id: number
  result?: unknown
  error?: { code: ErrorCode; message: string }
}

/** Decodes with a browser's decoders: the window's own code, in a page that nobody sees. */
export class BrowserDecoder implements VideoDecoder {
  readonly name = 'browser'
  readonly #rendererFolder: string
  readonly #findPage: () => Promise<OpenPage | undefined>

  /** @param rendererFolder the built window, of which the page is a part */
  constructor(rendererFolder: string, findPage: () => Promise<OpenPage | undefined>) {
    this.#rendererFolder = rendererFolder
    this.#findPage = findPage
  }

  async isThere(): Promise<boolean> {
    return existsSync(join(this.#rendererFolder, pageName)) && (await this.#findPage()) !== undefined
  }

  async open(path: string, signal?: AbortSignal): Promise<VideoFile> {
    const openPage = (await this.#findPage())!
    return BrowserVideo.open(path, this.#rendererFolder, openPage, signal)
  }
}

/**
 * A video in a hidden page. A server on loopback gives the page its code, the video's bytes as it asks for them, and
 * what to do next; frames come back as they are. All of it lies under a secret path.
 */
class BrowserVideo implements VideoFile {
  info!: VideoInfo
  readonly #server = createServer()
  readonly #secret = randomBytes(24).toString('base64url')
  readonly #path: string
  readonly #bytes: number
  #page: HiddenPage | undefined
  #lastId = 0
  /** What the page is to do next, and the page's request for it, whichever came first. */
  #work: object | undefined
  #asking: ServerResponse | undefined
  #settle: ((outcome: Outcome) => void) | undefined

  readonly #signal: AbortSignal | undefined
  readonly #stop = () => this.#fail(stopped(basename(this.#path)))

  private constructor(path: string, bytes: number, signal: AbortSignal | undefined) {
    this.#path = path
    this.#bytes = bytes
    this.#signal = signal
  }

  static async open(
    path: string,
    rendererFolder: string,
    openPage: OpenPage,
    signal?: AbortSignal,
  ): Promise<BrowserVideo> {
    const { size } = await stat(path)
    const video = new BrowserVideo(path, size, signal)
    try {
      signal?.addEventListener('abort', video.#stop)
      await video.#start(rendererFolder, openPage)
      video.info = (await video.#perform({ kind: 'open', name: basename(path) }, startMs)) as VideoInfo
      return video
    } catch (error) {
      await video.close()
      throw error
    }
  }

  async frames(times: readonly number[]): Promise<VideoFrame[]> {
    return (await this.#perform({ kind: 'frames', times })) as VideoFrame[]
  }

  async smalls(times: readonly number[]): Promise<SmallFrame[]> {
    return (await this.#perform({ kind: 'smalls', times })) as SmallFrame[]
  }

  async close(): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#stop)
    this.#send({ id: 0, kind: 'close' })
    await this.#page?.close()
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #start(rendererFolder: string, openPage: OpenPage): Promise<void> {
    const files = sirv(rendererFolder, { dev: true })
    this.#server.on('request', (request, response) => {
      const prefix = `/${this.#secret}/`
      if (!request.url?.startsWith(prefix)) return refuse(response, 404)
      request.url = request.url.slice(prefix.length - 1)
      if (request.url === '/video') return this.#sendVideo(request, response)
      if (request.url === '/next') return this.#ask(response)
      // A browser that ends while it sends: who waits for the frames is told by its page.
      if (request.url === '/done') return void this.#receive(request, response).catch(() => response.destroy())
      files(request, response, () => refuse(response, 404))
    })
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    const { port } = this.#server.address() as AddressInfo
    this.#page = await openPage(`http://127.0.0.1:${port}/${this.#secret}/${pageName}`)
    this.#page.closed.then(() => this.#fail(this.#unreadable('the browser ended')))
  }

  async #perform(
    work: { kind: string; name?: string; times?: readonly number[] },
    withinMs?: number,
  ): Promise<unknown> {
    if (this.#signal?.aborted) throw stopped(basename(this.#path))
    const id = ++this.#lastId
    return new Promise((resolve, reject) => {
      const late = () => this.#fail(this.#unreadable('the browser did not answer'))
      const timer = withinMs && setTimeout(late, withinMs)
      this.#settle = ({ result, error }) => {
        clearTimeout(timer)
        if (error) reject(new OwlError(error.code, error.message))
        else resolve(result)
      }
      this.#send({ id, ...work })
    })
  }

  #unreadable(why: string): OwlError {
    return new OwlError('video-unreadable', `${basename(this.#path)}: ${why}.`)
  }

  #fail(error: OwlError): void {
    this.#settle?.({ id: 0, error })
    this.#settle = undefined
  }

  #send(work: object): void {
    if (this.#asking) this.#asking.end(encode(work))
    else this.#work = work
    this.#asking = undefined
  }

  #ask(response: ServerResponse): void {
    if (this.#work) response.end(encode(this.#work))
    else this.#asking = response
    this.#work = undefined
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const outcome = decode(await buffer(request)) as Outcome
    response.end()
    this.#settle?.(outcome)
    this.#settle = undefined
  }

  /** The parts that the page asks for: a long video is never in memory whole. */
  #sendVideo(request: IncomingMessage, response: ServerResponse): void {
    const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')
    const start = range ? Number(range[1]) : 0
    const end = Math.min(range?.[2] ? Number(range[2]) : this.#bytes - 1, this.#bytes - 1)
    if (start > end) {
      response.setHeader('Content-Range', `bytes */${this.#bytes}`)
      refuse(response, 416)
      return
    }
    response.writeHead(range ? 206 : 200, {
      'Accept-Ranges': 'bytes',
      'Content-Length': end - start + 1,
      ...(range && { 'Content-Range': `bytes ${start}-${end}/${this.#bytes}` }),
    })
    const stream = createReadStream(this.#path, { start, end })
    stream.on('error', () => response.destroy())
    response.on('close', () => stream.destroy())
    stream.pipe(response)
  }
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status).end()
}
