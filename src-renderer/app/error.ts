import type { OwlErrorMessage } from '../../src-main/ipc/contract.ts'

/** Errors that arise in the window itself; their words are in `language/`. */
export type WindowErrorCode =
  | 'connection-lost'
  | 'file-unreadable'
  | 'video-without-frames'
  | 'folder-without-pictures'
  | 'picture-on-the-web'
  | 'capture-failed'
  | 'file-too-large'
  | 'too-many-pictures'

export function windowError(code: WindowErrorCode): OwlErrorMessage {
  return { code, message: code, hint: '' }
}

/** What was thrown, as the shape in which errors cross the wire. */
export function toErrorMessage(thrown: unknown): OwlErrorMessage {
  if (typeof thrown === 'object' && thrown !== null && 'code' in thrown && 'message' in thrown) {
    const { code, message } = thrown
    const hint = 'hint' in thrown ? String(thrown.hint) : ''
    if (typeof code === 'string') return { code, message: String(message), hint }
  }
  return { code: 'internal', message: thrown instanceof Error ? thrown.message : String(thrown), hint: '' }
}
