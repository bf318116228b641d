/// <reference types="vite/client" />
import type { WindowApi } from '../../src-main/ipc/contract.ts'

declare global {
  interface Window {
    /** Given by Electron's preload; missing in the browser shell. */
    api?: WindowApi
  }
}
