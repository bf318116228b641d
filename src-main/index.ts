import { join } from 'node:path'
import { app, type BrowserWindow } from 'electron'
import { Assistant } from './core/assistant.ts'
import { inferenceEntry, programFolder, rendererFolder } from './core/program-folder.ts'
import { setMenu } from './desktop/menu.ts'
import { declareScheme, isOwnPage, serveScheme } from './desktop/protocol.ts'
import { UtilityHost } from './desktop/utility-host.ts'
import { openWindow } from './desktop/window.ts'
import { serveWindowsOverElectron } from './ipc/electron-transport.ts'

// Entry of the app. One instance: a second one hands over to the first and ends.
if (app.requestSingleInstanceLock()) void start()
else app.quit()

async function start(): Promise<void> {
  const preload = join(programFolder, 'out', 'preload', 'preload.cjs')
  let window: BrowserWindow | undefined
  const show = () => {
    if (!window || window.isDestroyed()) window = openWindow(preload)
    if (window.isMinimized()) window.restore()
    window.focus()
  }

  app.enableSandbox()
  declareScheme()
  app.on('window-all-closed', () => process.platform === 'darwin' || app.quit())
  await app.whenReady()

  const assistant = new Assistant({ host: new UtilityHost(inferenceEntry) })
  // A model that cannot be loaded is shown in the window, where another can be chosen.
  assistant.models.load().catch(() => {})
  serveScheme(rendererFolder, assistant.attachments)
  serveWindowsOverElectron(assistant, isOwnPage)
  setMenu()
  show()
  app.on('second-instance', show)
  app.on('activate', show)
  app.on('will-quit', () => assistant.close())
}
