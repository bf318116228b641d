import { BrowserWindow, type Session, shell } from 'electron'
import { isOutsideLink } from './outside-link.ts'
import { isOwnPage, windowUrl } from './protocol.ts'

/** What a page may ask of the system: to put what was marked for copying into the clipboard. */
const allowedPermissions = new Set(['clipboard-sanitized-write'])

/** @param preload absolute path of the built preload script */
export function openWindow(preload: string): BrowserWindow {
  const window = new BrowserWindow({
    width: 1100,
    height: 780,
    minWidth: 480,
    minHeight: 400,
    show: false,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  })
  confine(window)
  window.once('ready-to-show', () => window.show())
  void window.loadURL(windowUrl)
  return window
}

/** The window stays on its page. Links that lead elsewhere are opened by the system, if their scheme is harmless. */
function confine(window: BrowserWindow): void {
  const { webContents } = window
  webContents.setWindowOpenHandler(({ url }) => {
    if (isOutsideLink(url)) void shell.openExternal(url)
    return { action: 'deny' }
  })
  webContents.on('will-navigate', (event) => {
    if (isOwnPage(event.url)) return
    event.preventDefault()
    if (isOutsideLink(event.url)) void shell.openExternal(event.url)
  })
  webContents.on('will-attach-webview', (event) => event.preventDefault())
  denyPermissions(webContents.session)
}

function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_, permission, answer) => answer(allowedPermissions.has(permission)))
  session.setPermissionCheckHandler((_, permission) => allowedPermissions.has(permission))
  session.setDevicePermissionHandler(() => false)
}
