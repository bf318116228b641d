import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

const loopbackNames = new Set(['127.0.0.1', 'localhost', '[::1]'])

/**
 * Who may talk to the server on loopback: whoever came with the token once and has had its cookie since. Other
 * programs of the machine do not know the token; other sites in the same browser are kept out by `Host` (a name that
 * was pointed at loopback) and `Origin` (a page from elsewhere).
 */
export class Access {
  readonly token = randomBytes(32).toString('base64url')
  readonly #cookieName: string

  /** Cookies do not tell ports apart, so the port is in the name: two servers do not sign each other out. */
  constructor(port: number) {
    this.#cookieName = `owl-session-${port}`
  }

  /** `Set-Cookie` for a page that came with the token. */
  get cookie(): string {
    return `${this.#cookieName}=${this.token}; HttpOnly; SameSite=Strict; Path=/`
  }

  isToken(given: string): boolean {
    return isSameSecret(given, this.token)
  }

  hasCookie(request: IncomingMessage): boolean {
    const prefix = `${this.#cookieName}=`
    const cookies = (request.headers.cookie ?? '').split(';').map((cookie) => cookie.trim())
    return cookies.some((cookie) => cookie.startsWith(prefix) && this.isToken(cookie.slice(prefix.length)))
  }
}

/** The port is free, since a tunnel may change it. */
export function isLoopbackHost(request: IncomingMessage): boolean {
  const name = (request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase()
  return loopbackNames.has(name)
}

/** True for a request that a page of this very server made. */
export function isOwnOrigin(request: IncomingMessage): boolean {
  return request.headers.origin === `http://${request.headers.host}`
}

/** Takes as long wherever two secrets begin to differ. */
export function isSameSecret(given: string, secret: string): boolean {
  // Digests have one length, as the comparison in constant time needs.
  return timingSafeEqual(digest(given), digest(secret))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
