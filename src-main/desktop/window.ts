import { BrowserWindow, nativeTheme, type Session, screen, shell } from 'electron'
import { isOutsideLink } from './outside-link.ts'
import { isOwnPage, windowUrl } from './protocol.ts'
import { readWindowState, writeWindowState } from './window-state.ts'

/** `--paper` of the page, for the moments before it is there. */
const paper = { light: '#f7f6f2', dark: '#15191b' }

interface WindowOptions {
  /** Absolute path of the built preload script. */
  preload: string
  /** File in which its place on the screen is kept. */
  statePath: string
  theme: 'system' | 'light' | 'dark'
}

/** Opens the window where it was closed, on its page and nowhere else. */
export function openWindow({ preload, statePath, theme }: WindowOptions): BrowserWindow {
  const areas = screen.getAllDisplays().map(({ workArea }) => workArea)
  const state = readWindowState(statePath, areas)
  const isDark = theme === 'system' ? nativeTheme.shouldUseDarkColors : theme === 'dark'
  const window = new BrowserWindow({
    width: 1100,
    height: 780,
    ...state?.bounds,
    minWidth: 480,
    minHeight: 400,
    show: false,
    backgroundColor: isDark ? paper.dark : paper.light,
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
    writeWindowState(statePath, { bounds: window.getNormalBounds(), maximized: window.isMaximized() })
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

/** Of a page: all but what `mayHave` names. */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((page, permission, answer) => answer(mayHave(permission, page.getURL())))
  session.setPermissionCheckHandler((page, permission) => mayHave(permission, page?.getURL() ?? ''))
  session.setDevicePermissionHandler(() => false)
}

/** To put what was marked for copying into the clipboard; and for the window, to show a video on the whole screen. */
function mayHave(permission: string, page: string): boolean {
  return permission === 'clipboard-sanitized-write' || (permission === 'fullscreen' && isOwnPage(page))
}
