import { app } from 'electron'

/** A device that hangs must not keep a program without windows in memory. */
const patienceMs = 10_000
/** An installer that was started has the program quit at once. */
const installerMs = 1000

/**
 * Electron ends the process as soon as `will-quit` was told, whatever is still being written: so it is held back until
 * all is closed. A new version is installed after that: the installer of Windows kills a program that it finds, and an
 * AppImage that is started anew gives way to one that still runs.
 * @param close what has to be written and ended
 * @param install starts the installer of a new version, which quits the program. Returns whether one was due
 */
export function closeBeforeExit(close: () => Promise<void>, install: () => boolean): void {
  let state: 'open' | 'closing' | 'closed' = 'open'
  app.on('will-quit', (event) => {
    if (state === 'closed') return
    event.preventDefault()
    if (state === 'closing') return
    state = 'closing'
    const patience = new Promise((resolve) => setTimeout(resolve, patienceMs))
    void Promise.race([close(), patience])
      .catch(() => {})
      .then(() => {
        state = 'closed'
        if (install()) setTimeout(comeBack, installerMs)
        else app.exit()
      })
  })
}

/** The installer was not started, for instance without the password that it asked for. */
function comeBack(): void {
  app.relaunch()
  app.exit()
}
