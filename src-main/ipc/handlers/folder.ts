import type { Assistant } from '../../core/assistant.ts'
import type { folderCalls } from '../contract/folder.ts'
import type { Emit, Handlers } from './handlers.ts'

export function folderHandlers({ folderMove }: Assistant, emit: Emit): Handlers<keyof typeof folderCalls> {
  let controller: AbortController | undefined
  return {
    'folder.state': () => folderMove.state,
    'folder.move': async ({ to }) => {
      controller = new AbortController()
      await folderMove.start(to, {
        signal: controller.signal,
        onProgress: (progress) => emit('folder.moving', progress),
      })
      return {}
    },
    'folder.stay': () => {
      controller?.abort()
      folderMove.forget()
      return {}
    },
  }
}
