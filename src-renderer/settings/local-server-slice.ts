import type { StateCreator } from 'zustand/vanilla'
import type { LocalServerState } from '../../src-main/ipc/contract.ts'
import type { Shell } from '../app/shell.ts'
import type { OwlState } from '../app/store.ts'

export interface LocalServerSlice {
  /** Calls about the server for other programs; they reject as main says. */
  localServer: {
    state(): Promise<LocalServerState>
    key(): Promise<string>
    newKey(): Promise<string>
    /** Returns a function that ends the subscription. */
    onChange(listener: (state: LocalServerState) => void): () => void
  }
}

export function createLocalServerSlice({ api }: Shell): StateCreator<OwlState, [], [], LocalServerSlice> {
  return () => ({
    localServer: {
      state: () => api.call('server.state', {}),
      key: async () => (await api.call('server.key', {})).key,
      newKey: async () => (await api.call('server.newKey', {})).key,
      onChange: (listener) => api.on('server.changed', listener),
    },
  })
}
