import type { Assistant } from '../../core/assistant.ts'
import type { deviceCalls } from '../contract/devices.ts'
import type { Handlers } from './handlers.ts'

export function deviceHandlers({ devices }: Assistant): Handlers<keyof typeof deviceCalls> {
  return { 'devices.list': ({ again }) => devices.list({ again: again ?? false }) }
}
