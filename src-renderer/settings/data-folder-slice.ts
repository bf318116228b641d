import type { StateCreator } from 'zustand/vanilla'
import type { CallOutput, EventPayload, OwlErrorMessage } from '../../src-main/ipc/contract.ts'
import { toErrorMessage } from '../app/error.ts'
import type { Shell } from '../app/shell.ts'
import type { OwlState } from '../app/store.ts'

/** The folder that holds all data. A move takes long: it goes on, and is told of, while the settings are not shown. */
export interface DataFolderSlice {
  /** Undefined until main has told. */
  dataFolder: CallOutput<'folder.state'> | undefined
  /** The move or comparison that is under way, `begun` until the first word of it. */
  folderWork: EventPayload<'folder.moving'> | 'begun' | undefined
  /** Why the last thing that was done with the folder failed. */
  folderError: OwlErrorMessage | undefined
  refreshDataFolder(): Promise<void>
  moveDataFolder(to: string): Promise<void>
  /** Removes an old folder, after a comparison with the one that holds now. */
  removeOldFolder(path: string): Promise<void>
  /** Stops what is under way, or forgets a move that waits for the next start. */
  keepDataFolder(): Promise<void>
}

export function createDataFolderSlice({ api }: Shell): StateCreator<OwlState, [], [], DataFolderSlice> {
  return (set, get) => {
    // Of a job that has ended nothing more is shown.
    api.on('folder.moving', (folderWork) => get().folderWork && set({ folderWork }))

    async function run(job: () => Promise<unknown>) {
      if (get().folderWork) return
      set({ folderError: undefined, folderWork: 'begun' })
      await job().catch((thrown) => {
        const folderError = toErrorMessage(thrown)
        if (folderError.code !== 'cancelled') set({ folderError })
      })
      set({ folderWork: undefined })
      await get().refreshDataFolder()
    }

    return {
      dataFolder: undefined,
      folderWork: undefined,
      folderError: undefined,

      async refreshDataFolder() {
        const dataFolder = await api.call('folder.state', {}).catch(() => undefined)
        if (dataFolder) set({ dataFolder })
      },
      moveDataFolder: (to) => run(() => api.call('folder.move', { to })),
      removeOldFolder: (path) => run(() => api.call('folder.removeOld', { path })),

      async keepDataFolder() {
        await api.call('folder.stay', {}).catch((thrown) => set({ folderError: toErrorMessage(thrown) }))
        await get().refreshDataFolder()
      },
    }
  }
}
