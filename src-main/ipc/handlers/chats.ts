import type { Assistant } from '../../core/assistant.ts'
import type { Chats } from '../../core/chats.ts'
import type { chatCalls } from '../contract/chats.ts'
import type { Handlers } from './handlers.ts'

export function chatHandlers(assistant: Assistant, chats: Chats): Handlers<keyof typeof chatCalls> {
  return {
    'chats.open': async ({ chatId }) => (await assistant.history()).open(chatId),
    'chats.showBranch': async ({ chatId, turnId }) => (await assistant.history()).showBranch(chatId, turnId),
    'chats.setSettings': async ({ chatId, settings }) => {
      const history = await assistant.history()
      history.setSettings(chatId, settings)
      return {}
    },
    'chats.ask': async (question) => {
      await chats.ask(question)
      return {}
    },
    'chats.prepare': async (draft) => {
      await chats.prepare(draft)
      return {}
    },
    'chats.answerAgain': async ({ chatId, questionId, answerId }) => {
      await chats.answerAgain(chatId, questionId, answerId)
      return {}
    },
    'chats.continue': async ({ chatId, answerId }) => {
      await chats.continue(chatId, answerId)
      return {}
    },
    'chats.stop': ({ answerId }) => {
      chats.stop(answerId)
      return {}
    },
  }
}
