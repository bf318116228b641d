import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { app } from 'electron'
import { Assistant } from './core/assistant.ts'
import { currentFolder } from './core/data-folder-move.ts'
import { inferenceEntry, rendererFolder } from './core/program-folder.ts'
import { SecretFile } from './core/secret-store.ts'
import { DesktopApp } from './desktop/desktop-app.ts'
import { openHiddenPage } from './desktop/hidden-page.ts'
import { keychain } from './desktop/keychain.ts'
import { filesOf } from './desktop/opened-files.ts'
import { declareScheme, isOwnPage, serveScheme } from './desktop/protocol.ts'
import { closeBeforeExit } from './desktop/quit.ts'
import { UtilityHost } from './desktop/utility-host.ts'
import { serveWindowsOverElectron } from './ipc/electron-transport.ts'
import { startOpenAiServer } from './server/openai-server.ts'

// On macOS Electron would keep cookies and caches of the window in the data folder, as both go by the program's name.
if (process.platform === 'darwin') {
  const ownFolder = join(app.getPath('appData'), 'Owl Desktop')
  mkdirSync(ownFolder, { recursive: true })
  app.setPath('userData', ownFolder)
}

// Entry of the app. One instance: a second one hands its files over to the first and ends.
if (app.requestSingleInstanceLock()) void start()
else app.quit()

async function start(): Promise<void> {
  const files = filesOf(process.argv.slice(app.isPackaged ? 1 : 2), process.cwd())
  // On macOS files come as events, also before the app is ready.
  let open = (path: string): void => void files.push(path)
  app.on('open-file', (event, path) => {
    event.preventDefault()
    open(path)
  })
  // As in electron-builder.mjs: by it Windows knows the program's notifications and its place on the taskbar.
  if (process.platform === 'win32') app.setAppUserModelId('app.owl-desktop')
  app.enableSandbox()
  declareScheme()
  app.on('window-all-closed', () => process.platform === 'darwin' || app.quit())
  await app.whenReady()

  const folder = currentFolder()
  const secrets = keychain(new SecretFile(join(folder.root, 'secrets.json')))
  const assistant = new Assistant({
    host: new UtilityHost(inferenceEntry),
    folder,
    secrets,
    openPage: openHiddenPage,
  })
  const desktop = new DesktopApp(assistant, join(folder.root, 'window.json'))
  // A model that cannot be loaded is shown in the window, where another can be chosen.
  assistant.models.load().catch(() => {})
  void assistant.installs.resumeAll()
  assistant.localServer.followSettings((port, key) => startOpenAiServer({ assistant, port, key }))
  serveScheme(rendererFolder, assistant, (request) => desktop.overlay.respond(request))
  serveWindowsOverElectron(assistant, isOwnPage)
  desktop.start(files)
  open = (path) => desktop.open([path])
  app.on('second-instance', (_, argv, workingFolder) => {
    desktop.show()
    desktop.open(filesOf(argv.slice(app.isPackaged ? 1 : 2), workingFolder))
  })
  app.on('activate', () => desktop.show())
  closeBeforeExit(
    () => assistant.close(),
    () => desktop.installUpdate(),
  )
}
