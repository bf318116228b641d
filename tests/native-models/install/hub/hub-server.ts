import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

/** What may go wrong with one request; the first that fits is taken. */
export interface Fault {
  /** Part of the address; every request of a file's content when left out. */
  path?: string
  /** Requests it strikes before it is over; once when left out. */
  times?: number
  kind: 'drop' | 'stall' | 'short' | 'flip' | 'status'
  /** Bytes of the answer's body before it strikes. */
  after?: number
  status?: number
  headers?: Record<string, string>
  body?: string
}

export interface Asked {
  method: string
  url: string
  host: string
  authorization: string | undefined
  range: string | undefined
}

export const commit = '0123456789abcdef0123456789abcdef01234567'

/**
 * A hub on this machine: real HTTP, the addresses and answers of the real one as far as a download needs them, and
 * faults on demand. Large files are redirected to a second server, as the hub does with its store.
 */
export class HubServer {
  readonly asked: Asked[] = []
  readonly faults: Fault[] = []
  /** Repository name -> its files. */
  readonly repositories = new Map<string, Map<string, Buffer>>()
  commit = commit
  licence: string | undefined = 'llama2'
  /** Token without which nothing is answered. */
  token: string | undefined
  /** Pause between two pieces of 64 KiB, so that a test has time to act. */
  pauseMs = 0
  readonly #hub = createServer((request, response) => this.#answer(request, response, 'hub'))
  readonly #store = createServer((request, response) => this.#answer(request, response, 'store'))

  async start(): Promise<this> {
    for (const server of [this.#hub, this.#store]) {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    }
    return this
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#hub.address() as AddressInfo).port}`
  }

  /** Under another name of this machine, so that it is another host. */
  get storeAddress(): string {
    return `http://localhost:${(this.#store.address() as AddressInfo).port}`
  }

  addFolder(repo: string, folder: string): void {
    const names = readdirSync(folder)
    this.repositories.set(repo, new Map(names.map((name) => [name, readFileSync(join(folder, name))])))
  }

  /** Requests of contents, redirects and lists left out. */
  get contentRequests(): Asked[] {
    return this.asked.filter(({ range, url }) => range !== undefined && !url.startsWith('/api'))
  }

  async close(): Promise<void> {
    for (const server of [this.#hub, this.#store]) {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  }

  #answer(request: IncomingMessage, response: ServerResponse, role: 'hub' | 'store'): unknown {
    const url = new URL(request.url ?? '/', this.endpoint)
    const { authorization, range, host = '' } = request.headers
    this.asked.push({ method: request.method ?? '', url: url.pathname, host, authorization, range })
    const json = (status: number, body: unknown): ServerResponse =>
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
    const fault = this.#takeFault(url.pathname)
    if (fault?.kind === 'status') {
      const headers = { 'Content-Type': 'application/json', ...fault.headers }
      return response.writeHead(fault.status ?? 500, headers).end(fault.body ?? '')
    }
    if (role === 'hub' && this.token && authorization !== `Bearer ${this.token}`) {
      return json(401, { error: 'Invalid credentials in Authorization header' })
    }
    const [, owner, name] = /^\/(?:api\/models\/)?([^/]+)\/([^/]+)/.exec(url.pathname) ?? []
    const files = this.repositories.get(`${owner}/${name}`)
    if (!files) return json(404, { error: 'Repository not found' })
    if (url.pathname.includes('/revision/')) {
      return json(200, {
        _id: 'x',
        id: `${owner}/${name}`,
        gated: false,
        sha: this.commit,
        cardData: { license: this.licence },
      })
    }
    if (url.pathname.includes('/tree/')) {
      return json(
        200,
        [...files].map(([path, content]) => this.#entry(path, content)),
      )
    }
    const path = url.pathname.split('/').at(-1)!
    const content = files.get(path)
    if (!content) return json(404, { error: 'Entry not found' })
    if (role === 'hub' && isLarge(content)) {
      response.writeHead(302, {
        Location: `${this.storeAddress}${url.pathname}`,
        'X-Linked-Etag': `"${sha256(content)}"`,
      })
      response.end()
      return
    }
    void this.#send(response, content, range, fault)
  }

  #entry(path: string, content: Buffer) {
    const oid = createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex')
    const lfs = isLarge(content) ? { oid: sha256(content), size: content.length, pointerSize: 130 } : undefined
    return { type: 'file', path, size: content.length, oid: lfs ? 'a'.repeat(40) : oid, lfs }
  }

  async #send(response: ServerResponse, content: Buffer, range: string | undefined, fault: Fault | undefined) {
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? []
    const start = Number(first ?? 0)
    const body = Buffer.from(content.subarray(start, last === undefined ? undefined : Number(last) + 1))
    const strikesAt = Math.min(fault?.after ?? body.length >> 1, body.length)
    if (fault?.kind === 'flip') body[strikesAt]! ^= 1
    response.writeHead(range ? 206 : 200, {
      'Content-Length': body.length,
      ETag: `"${sha256(content).slice(0, 32)}"`,
      ...(range ? { 'Content-Range': `bytes ${start}-${start + body.length - 1}/${content.length}` } : {}),
    })
    const end = fault && fault.kind !== 'flip' ? strikesAt : body.length
    for (let at = 0; at < end && !response.destroyed; at += 2 ** 16) {
      response.write(body.subarray(at, Math.min(end, at + 2 ** 16)))
      if (this.pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, this.pauseMs))
    }
    if (fault?.kind === 'stall') return
    // Less than was promised: the connection ends, as a server does that lies about length or breaks off.
    if (end < body.length) setTimeout(() => response.destroy(), 5)
    else response.end()
  }

  #takeFault(path: string): Fault | undefined {
    const index = this.faults.findIndex((fault) =>
      fault.path ? path.includes(fault.path) : path.includes('/resolve/'),
    )
    const fault = this.faults[index]
    if (!fault) return undefined
    fault.times = (fault.times ?? 1) - 1
    if (fault.times <= 0) this.faults.splice(index, 1)
    return fault
  }
}

const isLarge = (content: Buffer) => content.length > 50_000

export function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}
