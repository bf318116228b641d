import type { Assistant } from '../../core/assistant.ts'
import type { logCalls } from '../contract/logs.ts'
import type { Handlers } from './handlers.ts'

export function logHandlers({ log }: Assistant): Handlers<keyof typeof logCalls> {
  return { 'logs.read': () => ({ text: log.read(), path: log.path }) }
}
