import type { Chats } from '../../core/chats.ts'
import type { chatCalls } from '../contract/chats.ts'
import type { Handlers } from './handlers.ts'

export function chatHandlers(chats: Chats): Handlers<keyof typeof chatCalls> {
  return {
    'chats.ask': (request) => {
      chats.ask(request)
      return {}
    },
    'chats.stop': ({ requestId }) => {
      chats.stop(requestId)
      return {}
    },
  }
}
