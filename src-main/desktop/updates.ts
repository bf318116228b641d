import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { app, dialog } from 'electron'
import updater from 'electron-updater'
import type { ShellWords } from './words.ts'

/**
 * New versions of the program, downloaded and installed only when the person says so. Packages say where versions are
 * announced; without that nothing is looked for. Data and models lie elsewhere and are never touched.
 */
export class Updates {
  readonly #words: () => ShellWords
  readonly #onError: (error: unknown) => void
  /** To be installed once the program has closed. */
  #isDue = false

  constructor(words: () => ShellWords, onError: (error: unknown) => void) {
    this.#words = words
    this.#onError = onError
    updater.autoUpdater.autoDownload = false
    updater.autoUpdater.autoInstallOnAppQuit = false
    updater.autoUpdater.logger = null
  }

  /** @param asked a person waits for the answer, also where there is nothing new */
  async check(asked: boolean): Promise<void> {
    const { updates: words } = this.#words()
    try {
      if (!isAnnounced()) {
        if (asked) await dialog.showMessageBox({ message: words.unavailable })
        return
      }
      const result = await updater.autoUpdater.checkForUpdates()
      if (result?.isUpdateAvailable) await this.#offer(result.updateInfo.version)
      else if (asked) await dialog.showMessageBox({ message: words.none })
    } catch (error) {
      this.#onError(error)
      if (asked) await dialog.showMessageBox({ type: 'warning', message: words.failed, detail: String(error) })
    }
  }

  /** Starts the installer, which quits the program, if a version is to be installed. Returns whether one is. */
  install(): boolean {
    if (this.#isDue) updater.autoUpdater.quitAndInstall()
    return this.#isDue
  }

  async #offer(version: string): Promise<void> {
    const { updates: words } = this.#words()
    const detail = words.foundDetail
    if (!(await agreed({ message: words.found(version), detail, yes: words.download, no: words.later }))) return
    try {
      await updater.autoUpdater.downloadUpdate()
    } catch (error) {
      // Shown also where the check began by itself: the person waits for what was agreed to.
      this.#onError(error)
      await dialog.showMessageBox({ type: 'warning', message: words.notDownloaded, detail: String(error) })
      return
    }
    if (!(await agreed({ message: words.ready(version), detail, yes: words.restart, no: words.later }))) return
    // macOS fetches the version once more, which can fail, and installs it when the program has ended by itself.
    if (process.platform === 'darwin') return updater.autoUpdater.quitAndInstall()
    this.#isDue = true
    app.quit()
  }
}

/** Written into a package by electron-builder where it was told an address. */
function isAnnounced(): boolean {
  return app.isPackaged && existsSync(join(process.resourcesPath, 'app-update.yml'))
}

async function agreed(question: { message: string; detail: string; yes: string; no: string }): Promise<boolean> {
  const { message, detail, yes, no } = question
  const { response } = await dialog.showMessageBox({ message, detail, buttons: [yes, no], defaultId: 0, cancelId: 1 })
  return response === 0
}
