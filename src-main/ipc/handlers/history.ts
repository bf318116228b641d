import type { Assistant } from '../../core/assistant.ts'
import type { historyCalls } from '../contract/history.ts'
import type { Handlers } from './handlers.ts'

export function historyHandlers(assistant: Assistant): Handlers<keyof typeof historyCalls> {
  return {
    'history.list': async ({ limit, cursor }) => (await assistant.history()).list(limit, cursor),
    'history.search': async ({ query, limit, below }) => (await assistant.history()).search(query, limit, below),
    'history.rename': async ({ chatId, title }) => {
      const history = await assistant.history()
      history.rename(chatId, title)
      return {}
    },
    'history.pin': async ({ chatId, isPinned }) => {
      const history = await assistant.history()
      history.pin(chatId, isPinned)
      return {}
    },
    'history.delete': async ({ chatId }) => {
      const history = await assistant.history()
      history.delete(chatId)
      return {}
    },
    'history.restore': async ({ chatId }) => {
      const history = await assistant.history()
      history.restore(chatId)
      return {}
    },
  }
}
