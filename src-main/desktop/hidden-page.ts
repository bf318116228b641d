import { once } from 'node:events'
import { BrowserWindow } from 'electron'
import type { OpenPage } from '../core/videos/browser-page.ts'
import { denyPermissions } from './window.ts'

/** Opens a page of a loopback server in a window that nobody sees, with nothing of the app in it: for videos in a queue. */
export const openHiddenPage: OpenPage = async (url) => {
  const window = new BrowserWindow({
    show: false,
    webPreferences: {
      partition: 'hidden',
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      // A window that is not shown would decode at a crawl.
      backgroundThrottling: false,
    },
  })
  const { webContents } = window
  const close = () => {
    if (!window.isDestroyed()) window.destroy()
  }
  webContents.setWindowOpenHandler(() => ({ action: 'deny' }))
  webContents.on('will-navigate', (event) => event.preventDefault())
  webContents.on('render-process-gone', close)
  webContents.setAudioMuted(true)
  denyPermissions(webContents.session)
  const closed = once(window, 'closed')
  window.loadURL(url).catch(close)
  return {
    closed,
    async close() {
      close()
      await closed
    },
  }
}
