import type { WindowApi } from '../../src-main/ipc/contract.ts'

/** `lost`: trying again by itself. `refused`: the shell no longer knows this page, trying again is no use. */
export type ConnectionState = 'open' | 'lost' | 'refused'

/** What carries the window: the calls and events of main, and whether they can be reached. */
export interface Shell {
  api: WindowApi
  /** The listener is told each change; the state at the start is `open`. Returns the end of the subscription. */
  onConnection(listener: (state: ConnectionState) => void): () => void
  /** Tries to connect at once instead of waiting for the next attempt. */
  reconnect(): void
}

/** Electron's preload speaks to main over pipes that live as long as the window does. */
export function preloadShell(api: WindowApi): Shell {
  return { api, onConnection: () => () => {}, reconnect: () => {} }
}
