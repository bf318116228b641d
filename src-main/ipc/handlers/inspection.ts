import type { Chats } from '../../core/chats.ts'
import type { inspectionCalls } from '../contract/inspection.ts'
import type { Handlers } from './handlers.ts'

export function inspectionHandlers(chats: Chats): Handlers<keyof typeof inspectionCalls> {
  return { 'inspection.attention': (request) => chats.inspect(request) }
}
