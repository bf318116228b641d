import type { JobOptions } from '../../../native-models/progress.ts'
import type { Assistant } from '../../core/assistant.ts'
import type { historyCalls } from '../contract/history.ts'
import type { Emit, Handlers } from './handlers.ts'

export function historyHandlers(assistant: Assistant, emit: Emit): Handlers<keyof typeof historyCalls> {
  const running = new Map<string, AbortController>()

  /** A long job that the window can stop and follow by its request id. */
  async function run<Result>(requestId: string, work: (job: JobOptions) => Promise<Result>): Promise<Result> {
    const controller = new AbortController()
    running.set(requestId, controller)
    try {
      return await work({
        signal: controller.signal,
        onProgress: (progress) => emit('history.progress', { requestId, ...progress }),
      })
    } finally {
      running.delete(requestId)
    }
  }

  return {
    'history.list': async ({ limit, cursor, folderId }) => (await assistant.history()).list(limit, cursor, folderId),
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
    'history.folders': async () => (await assistant.history()).listFolders(),
    'history.createFolder': async ({ name }) => ({ id: (await assistant.history()).createFolder(name) }),
    'history.renameFolder': async ({ folderId, name }) => {
      const history = await assistant.history()
      history.renameFolder(folderId, name)
      return {}
    },
    'history.removeFolder': async ({ folderId }) => {
      const history = await assistant.history()
      history.removeFolder(folderId)
      return {}
    },
    'history.move': async ({ chatId, folderId }) => {
      const history = await assistant.history()
      history.move(chatId, folderId)
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
    'history.status': async () => {
      await assistant.history()
      return { recovery: assistant.recovery }
    },
    'history.export': async ({ requestId, ...request }) => {
      const history = await assistant.history()
      return run(requestId, (job) => assistant.transfers.export(history, request, job))
    },
    'history.beginImport': async () => ({ importId: await assistant.transfers.beginImport() }),
    'history.appendImport': async ({ importId, bytes }) => {
      await assistant.transfers.appendImport(importId, bytes)
      return {}
    },
    'history.finishImport': async ({ requestId, importId }) => {
      const history = await assistant.history()
      return run(requestId, (job) => assistant.transfers.finishImport(history, importId, job))
    },
    'history.stopTransfer': ({ requestId }) => {
      running.get(requestId)?.abort()
      return {}
    },
  }
}
