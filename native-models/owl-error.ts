import { type ErrorCode, errorCatalogue } from './error-catalogue.ts'

/** How an error crosses a process or a wire. */
export interface ErrorMessage {
  code: ErrorCode
  /** What happened and why, in one sentence. */
  message: string
  /** What the person can do about it. */
  hint: string
}

/**
 * The one error class that people see. Its code names an entry of the catalogue, which holds the hint;
 * the message says what happened this time, with names and numbers.
 */
export class OwlError extends Error {
  readonly code: ErrorCode
  readonly hint: string

  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.name = 'OwlError'
    this.code = code
    this.hint = options.hint ?? errorCatalogue[code]
  }

  toMessage(): ErrorMessage {
    return { code: this.code, message: this.message, hint: this.hint }
  }

  /** Rebuilds an error that crossed a process boundary. */
  static fromMessage(message: ErrorMessage): OwlError {
    return new OwlError(message.code, message.message, { hint: message.hint })
  }

  /** Wraps whatever was thrown; an error that is not ours becomes `internal`. */
  static from(thrown: unknown): OwlError {
    if (thrown instanceof OwlError) return thrown
    const message = thrown instanceof Error ? thrown.message : String(thrown)
    return new OwlError('internal', message, { cause: thrown })
  }
}
