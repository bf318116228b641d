import { BrowserWindow, type Session, screen, shell } from 'electron'
import { isOutsideLink } from './outside-link.ts'
import { isOwnPage, windowUrl } from './protocol.ts'
import { readWindowState, writeWindowState } from './window-state.ts'

/** What a page may ask of the system: to put what was marked for copying into the clipboard. */
const allowedPermissions = new Set(['clipboard-sanitized-write'])

interface WindowOptions {
  /** Absolute path of the built preload script. */
  preload: string
  /** File in which its place on the screen is kept. */
  statePath: string
}

/** Opens the window where it was closed, on its page and nowhere else. */
export function openWindow({ preload, statePath }: WindowOptions): BrowserWindow {
  const areas = screen.getAllDisplays().map(({ workArea }) => workArea)
  const state = readWindowState(statePath, areas)
  const window = new BrowserWindow({
    width: 1100,
    height: 780,
    ...state?.bounds,
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
  window.once('ready-to-show', () => (state?.maximized ? window.maximize() : window.show()))
  window.on('close', () => {
    void writeWindowState(statePath, { bounds: window.getNormalBounds(), maximized: window.isMaximized() })
  })
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

/** Of a page: all but what `allowedPermissions` names. */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_, permission, answer) => answer(allowedPermissions.has(permission)))
  session.setPermissionCheckHandler((_, permission) => allowedPermissions.has(permission))
  session.setDevicePermissionHandler(() => false)
}
