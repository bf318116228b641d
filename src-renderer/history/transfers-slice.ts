import type { StateCreator } from 'zustand/vanilla'
import type { CallOutput, OwlErrorMessage } from '../../src-main/ipc/contract.ts'
import { toErrorMessage, windowError } from '../app/error.ts'
import type { Shell } from '../app/shell.ts'
import type { OwlState } from '../app/store.ts'

/** An export or an import, under way or ended. */
export type Transfer = { requestId: string; kind: 'export' | 'import' } & (
  | { state: 'running'; done: number; total: number }
  | { state: 'exported'; result: CallOutput<'history.export'> }
  | { state: 'imported'; result: CallOutput<'history.finishImport'> }
  | { state: 'failed'; error: OwlErrorMessage }
)

export interface TransfersSlice {
  transfer?: Transfer
  /** What became of a damaged database, until the person has read it. */
  recovery?: CallOutput<'history.status'>['recovery']
  /** @param chatIds all chats when left out */
  exportChats(kind: 'json' | 'markdown', chatIds?: string[]): Promise<void>
  importChats(file: File): Promise<void>
  stopTransfer(): void
  closeTransfer(): void
  refreshHistoryStatus(): Promise<void>
  closeRecovery(): void
}

/** Bytes of a file sent in one call. */
const pieceBytes = 8 * 2 ** 20

/** Chats on their way out of the program, and into it. */
export function createTransfersSlice(
  { api }: Shell,
  fetchFile: (address: string) => void,
): StateCreator<OwlState, [], [], TransfersSlice> {
  return (set, get) => {
    function change(requestId: string, transfer: Transfer) {
      if (get().transfer?.requestId === requestId) set({ transfer })
    }

    async function run(kind: Transfer['kind'], work: (requestId: string) => Promise<Transfer>) {
      if (get().transfer?.state === 'running') return
      const requestId = crypto.randomUUID()
      set({ transfer: { requestId, kind, state: 'running', done: 0, total: 0 } })
      try {
        change(requestId, await work(requestId))
      } catch (thrown) {
        const error = toErrorMessage(thrown)
        if (error.code === 'cancelled') set({ transfer: undefined })
        else change(requestId, { requestId, kind, state: 'failed', error })
      }
    }

    api.on('history.progress', ({ requestId, done, total }) => {
      const { transfer } = get()
      if (transfer?.state === 'running') change(requestId, { ...transfer, done, total })
    })

    return {
      exportChats: (kind, chatIds) =>
        run('export', async (requestId) => {
          const result = await api.call('history.export', { requestId, kind, chatIds })
          fetchFile(`exports/${result.id}`)
          return { requestId, kind: 'export', state: 'exported', result }
        }),

      importChats: (file) =>
        run('import', async (requestId) => {
          const { importId } = await api.call('history.beginImport', {})
          for (let at = 0; at < file.size; at += pieceBytes) {
            if (get().transfer?.requestId !== requestId) throw { code: 'cancelled', message: '' }
            const piece = await file
              .slice(at, at + pieceBytes)
              .arrayBuffer()
              .catch(() => {
                throw windowError('file-unreadable')
              })
            await api.call('history.appendImport', { importId, bytes: new Uint8Array(piece) })
          }
          const result = await api.call('history.finishImport', { importId, requestId })
          return { requestId, kind: 'import', state: 'imported', result }
        }),

      stopTransfer() {
        const { transfer } = get()
        if (transfer?.state !== 'running') return
        void api.call('history.stopTransfer', { requestId: transfer.requestId }).catch(() => {})
        set({ transfer: undefined })
      },

      closeTransfer: () => set({ transfer: undefined }),

      async refreshHistoryStatus() {
        const status = await api.call('history.status', {}).catch(() => undefined)
        set({ recovery: status?.recovery })
      },

      closeRecovery: () => set({ recovery: undefined }),
    }
  }
}
