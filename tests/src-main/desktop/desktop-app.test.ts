import { EventEmitter } from 'node:events'
import { beforeEach, expect, it, vi } from 'vitest'
import type { Assistant } from '../../../src-main/core/assistant.ts'
import { DesktopApp } from '../../../src-main/desktop/desktop-app.ts'

const electron = vi.hoisted(() => ({ app: {} as EventEmitter, autoUpdater: {} as EventEmitter }))
vi.mock('electron', async () => {
  const { EventEmitter } = await import('node:events')
  electron.app = Object.assign(new EventEmitter(), { getLocale: () => 'en' })
  electron.autoUpdater = new EventEmitter()
  return { ...electron, globalShortcut: { unregisterAll: () => {} } }
})
vi.mock('electron-updater', () => ({ default: { autoUpdater: {} } }))
vi.mock('../../../src-main/desktop/menu.ts', () => ({ setMenu: () => {} }))
vi.mock('../../../src-main/desktop/tray.ts', () => ({ openTray: () => ({ destroy: () => {} }) }))
vi.mock('../../../src-main/desktop/capture-overlay.ts', () => ({ CaptureOverlay: class {} }))
vi.mock('../../../src-main/desktop/screen-capture.ts', () => ({ screenCapture: () => {} }))
vi.mock('../../../src-main/desktop/window.ts', () => ({ openWindow: () => openWindow() }))

class FakeWindow extends EventEmitter {
  isGone = false
  readonly show = vi.fn()
  readonly hide = vi.fn()
  readonly focus = vi.fn()
  isDestroyed = () => this.isGone
  isMinimized = () => false
}

const windows: FakeWindow[] = []
function openWindow() {
  const window = new FakeWindow()
  windows.push(window)
  return window
}

let desktop: DesktopApp
let taken: () => void
beforeEach(() => {
  windows.length = 0
  electron.app.removeAllListeners()
  electron.autoUpdater.removeAllListeners()
  const values: Record<string, unknown> = {
    'appearance.language': 'en',
    'appearance.theme': 'light',
    'desktop.tray': true,
    'desktop.stayInTray': true,
    'desktop.captureShortcut': '',
    'desktop.checkForUpdates': false,
  }
  const assistant = {
    captures: { onTaken: (listener: () => void) => (taken = listener) },
    settings: {
      get: (key: string) => values[key],
      follow: (_: unknown, listener: () => void) => listener(),
    },
  }
  desktop = new DesktopApp(assistant as unknown as Assistant, '/window.json')
  desktop.start([])
})

it('leaves it to a window that opens to show itself, when it is painted', () => {
  const [window] = windows
  taken()
  expect(window!.show).not.toHaveBeenCalled()
  window!.emit('ready-to-show')
  taken()
  expect(window!.show).toHaveBeenCalledTimes(1)
  window!.isGone = true
  taken()
  expect(windows).toHaveLength(2)
  expect(windows[1]!.show).not.toHaveBeenCalled()
})

/** Returns whether the window may close. */
function close(): boolean {
  let mayClose = true
  windows[0]!.emit('close', { preventDefault: () => (mayClose = false) })
  return mayClose
}

it('stays beside the clock when its window is closed', () => {
  expect(close()).toBe(false)
  expect(windows[0]!.hide).toHaveBeenCalled()
})

it('lets the window close for the end of the program', () => {
  electron.app.emit('before-quit')
  expect(close()).toBe(true)
})

it('lets the window close for an update of macOS, which begins with the windows', () => {
  electron.autoUpdater.emit('before-quit-for-update')
  expect(close()).toBe(true)
})
