import { basename, join } from 'node:path'
import { app, autoUpdater, type BrowserWindow, dialog, globalShortcut, Notification, type Tray } from 'electron'
import { OwlError } from '../../native-models/owl-error.ts'
import type { Assistant } from '../core/assistant.ts'
import type { CaptureKind } from '../core/captures.ts'
import { programFolder } from '../core/program-folder.ts'
import { CaptureOverlay } from './capture-overlay.ts'
import { setMenu } from './menu.ts'
import { openFiles } from './opened-files.ts'
import { screenCapture } from './screen-capture.ts'
import { openTray } from './tray.ts'
import { Updates } from './updates.ts'
import { openWindow } from './window.ts'
import { type ShellLanguage, type ShellWords, shellLanguage, shellWords } from './words.ts'

/** The assistant as a program of the desktop: its window, its owl beside the clock, its keys, pictures of the screen. */
export class DesktopApp {
  readonly overlay: CaptureOverlay
  readonly #assistant: Assistant
  readonly #statePath: string
  readonly #updates: Updates
  #window: BrowserWindow | undefined
  /** Until its first picture is there, the window stays hidden; then it shows itself. */
  #isPainted = false
  #tray: Tray | undefined
  #quits = false

  /** @param statePath file in which the window's place is kept */
  constructor(assistant: Assistant, statePath: string) {
    this.#assistant = assistant
    this.#statePath = statePath
    this.overlay = new CaptureOverlay(() => this.#language)
    this.#updates = new Updates(
      () => this.#words,
      (error) => assistant.log.writeError('update check failed', error),
    )
    assistant.captures.host = screenCapture(this.overlay, () => this.#window)
    assistant.captures.onTaken(() => this.show())
  }

  /** To be called once the app is ready and its pages are served. @param files pictures to begin with */
  start(files: readonly string[]): void {
    const quits = () => {
      this.#quits = true
    }
    app.on('before-quit', quits)
    // macOS closes the windows for an update before it tells that the program quits.
    autoUpdater.on('before-quit-for-update', quits)
    app.on('will-quit', () => {
      globalShortcut.unregisterAll()
      this.#tray?.destroy()
      this.#tray = undefined
    })
    const { settings } = this.#assistant
    settings.follow(['appearance.language'], () => setMenu(this.#words, () => void this.#updates.check(true)))
    settings.follow(['appearance.language', 'desktop.tray'], () => this.#setTray())
    settings.follow(['desktop.captureShortcut'], () => this.#register(settings.get('desktop.captureShortcut')))
    this.show()
    this.open(files)
    if (settings.get('desktop.checkForUpdates')) void this.#updates.check(false)
  }

  show(): void {
    if (!this.#window || this.#window.isDestroyed()) this.#window = this.#openWindow()
    if (!this.#isPainted) return
    if (this.#window.isMinimized()) this.#window.restore()
    this.#window.show()
    this.#window.focus()
  }

  /** Puts pictures that were opened with the program into the composer. */
  open(files: readonly string[]): void {
    void openFiles(this.#assistant.captures, files, (path, reason) => {
      const { message, hint } = OwlError.from(reason)
      const detail = `${message}\n\n${hint}`
      void dialog.showMessageBox({ type: 'warning', message: this.#words.refused(basename(path)), detail })
    })
  }

  /** Installs a new version, if the person agreed to one; for when all is closed. Returns whether one was due. */
  installUpdate(): boolean {
    return this.#updates.install()
  }

  get #language(): ShellLanguage {
    return shellLanguage(this.#assistant.settings.get('appearance.language'), app.getLocale())
  }

  get #words(): ShellWords {
    return shellWords[this.#language]
  }

  #openWindow(): BrowserWindow {
    const preload = join(programFolder, 'out', 'preload', 'preload.cjs')
    const theme = this.#assistant.settings.get('appearance.theme')
    const window = openWindow({ preload, statePath: this.#statePath, theme })
    this.#isPainted = false
    window.once('ready-to-show', () => {
      this.#isPainted = true
    })
    window.on('close', (event) => {
      if (this.#quits || !this.#tray || !this.#assistant.settings.get('desktop.stayInTray')) return
      event.preventDefault()
      window.hide()
    })
    return window
  }

  #setTray(): void {
    this.#tray?.destroy()
    this.#tray = this.#assistant.settings.get('desktop.tray')
      ? openTray(this.#words, {
          show: () => this.show(),
          capture: (kind) => this.#capture(kind),
          quit: () => app.quit(),
        })
      : undefined
  }

  #register(shortcut: string): void {
    globalShortcut.unregisterAll()
    if (shortcut === '') return
    try {
      if (globalShortcut.register(shortcut, () => this.#capture('region'))) return
    } catch {
      // No keys that the system knows: said below, as for keys that are taken.
    }
    new Notification({ title: 'Owl', body: this.#words.shortcutTaken(shortcut) }).show()
  }

  #capture(kind: CaptureKind): void {
    this.#assistant.captures.start(kind).catch((thrown) => {
      const { message, hint } = OwlError.from(thrown)
      void dialog.showMessageBox({ type: 'warning', message, detail: hint })
    })
  }
}
