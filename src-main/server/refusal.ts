import type { ServerResponse } from 'node:http'
import type { ErrorCode } from '../../native-models/error-catalogue.ts'
import { OwlError } from '../../native-models/owl-error.ts'

/** Why a request is not answered: an error with a status of HTTP, and the part of the request that is at fault. */
export class Refusal extends OwlError {
  readonly status: number
  readonly param: string | undefined
  /** In place of the error's own code, where OpenAI has one that programs look for. */
  readonly publicCode: string

  constructor(
    status: number,
    code: ErrorCode,
    message: string,
    options: { hint?: string; param?: string; publicCode?: string; cause?: unknown } = {},
  ) {
    super(code, message, options)
    this.status = status
    this.param = options.param
    this.publicCode = options.publicCode ?? code
  }

  /** What was thrown anywhere on the way to an answer. */
  static of(thrown: unknown, param?: string): Refusal {
    if (thrown instanceof Refusal) return thrown
    const { code, message, hint, cause } = OwlError.from(thrown)
    const status = statuses[code] ?? (code.startsWith('picture-') ? 400 : 500)
    return new Refusal(status, code, message, { hint, cause, param, publicCode: publicCodes[code] })
  }

  /** The body of an answer that tells of it. */
  toBody() {
    const type = this.status < 500 ? 'invalid_request_error' : 'server_error'
    const message = [this.message, this.hint].filter(Boolean).join(' ')
    return { error: { message, type, param: this.param ?? null, code: this.publicCode } }
  }
}

/** Statuses of errors; what has none here is a fault of the server, or of a picture. */
const statuses: Partial<Record<ErrorCode, number>> = {
  'request-invalid': 400,
  'context-full': 400,
  'model-not-found': 404,
  // The person has to do something, or another try may do: the request itself is right.
  'model-damaged': 503,
  'model-too-large': 503,
  'model-load-failed': 503,
  'model-not-loaded': 503,
  'device-unavailable': 503,
  'device-lost': 503,
  'inference-crashed': 503,
  'inference-unresponsive': 503,
  cancelled: 503,
}

const publicCodes: Partial<Record<ErrorCode, string>> = {
  'context-full': 'context_length_exceeded',
  'model-not-found': 'model_not_found',
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const bytes = Buffer.from(JSON.stringify(body))
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': bytes.length })
  response.end(bytes)
}
