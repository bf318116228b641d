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

  async #offer(version: string): Promise<void> {
    const { updates: words } = this.#words()
    const found = { message: words.found(version), detail: words.foundDetail }
    if (!(await agreed({ ...found, yes: words.download, no: words.later }))) return
    await updater.autoUpdater.downloadUpdate()
    if (
      await agreed({ message: words.ready(version), detail: words.foundDetail, yes: words.restart, no: words.later })
    ) {
      updater.autoUpdater.quitAndInstall()
    }
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
