import { setTimeout as wait } from 'node:timers/promises'
import { type Dispatcher, EnvHttpProxyAgent, fetch, type RequestInit, type Response } from 'undici'
import { OwlError } from '../../owl-error.ts'

const mostRedirects = 5
/** A server that asks for more patience than this is told of instead. */
const longestWaitMs = 120_000
const wordsKept = 300

export interface HubConnectionOptions {
  /** Address of the hub or of a mirror of it. */
  endpoint?: string
  /** Access token; sent to the endpoint's own host only. */
  token?: string
  /** How often a request that failed is made again without a byte of progress. */
  retries?: number
  /** Wait before the first retry; each further one doubles it. */
  firstWaitMs?: number
  /** Silence after which a connection counts as dropped. */
  stallMs?: number
}

export const officialHub = 'https://huggingface.co'

/**
 * Requests to a hub: through the proxy that HTTPS_PROXY, HTTP_PROXY and NO_PROXY name, again after a drop, a 429 or a
 * 5xx, and with the token for the hub's own host only, wherever it redirects to.
 */
export class HubConnection {
  readonly endpoint: string
  readonly #token: string | undefined
  readonly #options: Required<Pick<HubConnectionOptions, 'retries' | 'firstWaitMs'>>
  readonly #dispatcher: Dispatcher

  /** @throws OwlError `request-invalid` where the endpoint is no http address */
  constructor({
    endpoint = officialHub,
    token,
    retries = 5,
    firstWaitMs = 1000,
    stallMs = 30_000,
  }: HubConnectionOptions) {
    this.endpoint = checkEndpoint(endpoint)
    this.#token = token
    this.#options = { retries, firstWaitMs }
    this.#dispatcher = new EnvHttpProxyAgent({
      headersTimeout: stallMs,
      bodyTimeout: stallMs,
      connect: { timeout: stallMs },
    })
  }

  /**
   * One answer below 400, redirects followed. The caller reads its body.
   * @throws OwlError `hub-not-found`, `hub-access-denied`, `hub-failed`, `network-failed`, `cancelled`
   */
  async request(
    url: string,
    init: { headers?: Record<string, string>; signal?: AbortSignal } = {},
  ): Promise<HubAnswer> {
    for (let attempt = 0; ; attempt++) {
      const failure = await this.#attempt(url, init).catch((error: unknown) => this.#dropped(url, error, init.signal))
      if ('response' in failure) return failure
      if (!failure.again || attempt >= this.#options.retries) throw failure.error
      await this.pause(attempt, init.signal, failure.waitMs)
    }
  }

  /** Waits before another attempt, the longer the more there were. */
  async pause(attempt: number, signal?: AbortSignal, atLeastMs = 0): Promise<void> {
    const backoff = Math.min(this.#options.firstWaitMs * 2 ** attempt, 30_000) * (0.75 + Math.random() / 2)
    await wait(Math.max(backoff, atLeastMs), undefined, { signal }).catch(() => {
      throw new OwlError('cancelled', 'The download was stopped.')
    })
  }

  get retries(): number {
    return this.#options.retries
  }

  /** As @huggingface/hub wants it: answers of 400 and more are answers too, since it reads the hub's words itself. */
  fetch(signal?: AbortSignal): typeof globalThis.fetch {
    const ask = async (input: string | URL | globalThis.Request, init?: { headers?: HeadersInit }) => {
      const headers = Object.fromEntries(new Headers(init?.headers).entries())
      const { response } = await this.request(String(input instanceof Request ? input.url : input), { headers, signal })
      return response as unknown as globalThis.Response
    }
    return ask as typeof globalThis.fetch
  }

  async close(): Promise<void> {
    await this.#dispatcher.destroy()
  }

  async #attempt(url: string, init: { headers?: Record<string, string>; signal?: AbortSignal }) {
    let at = new URL(url)
    let linkedEtag: string | undefined
    for (let redirects = 0; ; redirects++) {
      const response = await fetch(at, this.#init(at, init))
      linkedEtag ??= response.headers.get('x-linked-etag') ?? undefined
      const location = response.status >= 300 && response.status < 400 ? response.headers.get('location') : null
      if (location === null) {
        if (response.ok)
          return { response, url: at.href, etag: linkedEtag ?? response.headers.get('etag') ?? undefined }
        return this.#refused(at, response)
      }
      await response.body?.cancel()
      const next = new URL(location, at)
      const isSafe = next.protocol === at.protocol || next.protocol === 'https:'
      if (!isSafe || redirects >= mostRedirects) {
        const why = isSafe ? `redirects more than ${mostRedirects} times` : `redirects to ${next.protocol}`
        return { again: false, waitMs: 0, error: new OwlError('hub-failed', `${at.host} ${why}.`) }
      }
      at = next
    }
  }

  /** A token, and any other credential, goes to the endpoint's own origin only. */
  #init(url: URL, { headers = {}, signal }: { headers?: Record<string, string>; signal?: AbortSignal }): RequestInit {
    const own = url.origin === new URL(this.endpoint).origin
    const kept = Object.entries(headers).filter(([name]) => !/^(authorization|cookie)$/i.test(name))
    const authorization = own && this.#token ? { authorization: `Bearer ${this.#token}` } : {}
    return {
      headers: { ...Object.fromEntries(kept), ...authorization },
      redirect: 'manual',
      signal,
      dispatcher: this.#dispatcher,
    }
  }

  async #refused(url: URL, response: Response): Promise<Failure> {
    const words = await serverWords(response)
    const said = `${url.host} answered ${response.status}${words ? `: ${words}` : ''}`
    const { status } = response
    if (status === 404) return finalFailure(new OwlError('hub-not-found', `${said}.`))
    if (status === 401 || status === 403) return finalFailure(new OwlError('hub-access-denied', `${said}.`))
    const error = new OwlError('hub-failed', `${said}.`)
    if (status !== 429 && status !== 408 && status < 500) return finalFailure(error)
    const waitMs = 1000 * Number(response.headers.get('retry-after') ?? 0) || 0
    return { again: waitMs <= longestWaitMs, waitMs, error }
  }

  #dropped(url: string, error: unknown, signal?: AbortSignal): Failure {
    if (signal?.aborted) return finalFailure(new OwlError('cancelled', 'The download was stopped.', { cause: error }))
    return { again: true, waitMs: 0, error: networkError(new URL(url).host, error) }
  }
}

export interface HubAnswer {
  response: Response
  /** Where the answer came from in the end. */
  url: string
  /** Of the content, as the hub names it. */
  etag: string | undefined
}

interface Failure {
  again: boolean
  waitMs: number
  error: OwlError
}

const finalFailure = (error: OwlError): Failure => ({ again: false, waitMs: 0, error })

/** What a connection that could not be made, or broke, is told as. */
export function networkError(host: string, error: unknown): OwlError {
  const { cause, message } = error as Error
  const why = (cause as NodeJS.ErrnoException | undefined)?.message || message
  return new OwlError('network-failed', `The connection to ${host} failed: ${why}.`, { cause: error })
}

/** What the server itself says, in one line. */
async function serverWords(response: Response): Promise<string> {
  const header = response.headers.get('x-error-message')
  const body = await response.text().catch(() => '')
  const words = header ?? jsonError(body) ?? body.replace(/<[^>]*>/g, ' ')
  return words.replace(/\s+/g, ' ').trim().slice(0, wordsKept).replace(/\.$/, '')
}

function jsonError(body: string): string | undefined {
  try {
    const { error, message } = JSON.parse(body) as Record<string, unknown>
    return [error, message].find((words) => typeof words === 'string') as string | undefined
  } catch {
    return undefined
  }
}

function checkEndpoint(endpoint: string): string {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined
  if (url && /^https?:$/.test(url.protocol) && !url.username) return endpoint.replace(/\/+$/, '')
  throw new OwlError('request-invalid', `${JSON.stringify(endpoint)} is no address of a hub.`, {
    hint: `Give an address such as ${officialHub}.`,
  })
}
