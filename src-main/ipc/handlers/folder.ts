import { OwlError } from '../../../native-models/owl-error.ts'
import type { JobOptions } from '../../../native-models/progress.ts'
import type { Assistant } from '../../core/assistant.ts'
import type { folderCalls } from '../contract/folder.ts'
import type { Emit, Handlers } from './handlers.ts'

export function folderHandlers(assistant: Assistant, emit: Emit): Handlers<keyof typeof folderCalls> {
  const { folderMove, oldFolders } = assistant
  let controller: AbortController | undefined
  function job(): JobOptions {
    controller = new AbortController()
    return { signal: controller.signal, onProgress: (progress) => emit('folder.moving', progress) }
  }
  return {
    'folder.state': async () => ({ ...folderMove.state, old: await oldFolders.list() }),
    'folder.move': async ({ to }) => {
      await folderMove.start(to, job())
      return {}
    },
    'folder.removeOld': async ({ path }) => {
      // The chats of the new folder have to be whole before the old ones go.
      await assistant.database()
      if (assistant.recovery) throw new OwlError('folder-not-usable', 'The chats in the new folder were damaged.')
      await oldFolders.remove(path, job())
      return {}
    },
    'folder.stay': () => {
      controller?.abort()
      folderMove.forget()
      return {}
    },
  }
}
