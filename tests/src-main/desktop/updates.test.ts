import { beforeEach, expect, it, vi } from 'vitest'
import { Updates } from '../../../src-main/desktop/updates.ts'
import { shellWords } from '../../../src-main/desktop/words.ts'

const { app, dialog, updater } = vi.hoisted(() => ({
  app: { isPackaged: true, quit: vi.fn() },
  dialog: { showMessageBox: vi.fn() },
  updater: { checkForUpdates: vi.fn(), downloadUpdate: vi.fn(), quitAndInstall: vi.fn() },
}))
vi.mock('electron', () => ({ app, dialog }))
vi.mock('electron-updater', () => ({ default: { autoUpdater: updater } }))
vi.mock('node:fs', () => ({ existsSync: () => true }))

const words = shellWords.en.updates
const onError = vi.fn()
const updates = () => new Updates(() => shellWords.en, onError)
const shown = () => dialog.showMessageBox.mock.calls.map(([{ message }]) => message)

beforeEach(() => {
  vi.clearAllMocks()
  Object.assign(process, { resourcesPath: '/resources' })
  dialog.showMessageBox.mockResolvedValue({ response: 0 })
  updater.checkForUpdates.mockResolvedValue({ isUpdateAvailable: true, updateInfo: { version: '2' } })
  updater.downloadUpdate.mockResolvedValue([])
  vi.spyOn(process, 'platform', 'get').mockReturnValue('win32')
})

it('has a version installed after the program has closed', async () => {
  const update = updates()
  expect(update.install()).toBe(false)
  await update.check(false)
  expect(shown()).toEqual([words.found('2'), words.ready('2')])
  expect(app.quit).toHaveBeenCalledTimes(1)
  expect(updater.quitAndInstall).not.toHaveBeenCalled()
  expect(update.install()).toBe(true)
  expect(updater.quitAndInstall).toHaveBeenCalledTimes(1)
})

it('leaves it to macOS there, which may yet fail', async () => {
  vi.spyOn(process, 'platform', 'get').mockReturnValue('darwin')
  const update = updates()
  await update.check(false)
  expect(updater.quitAndInstall).toHaveBeenCalledTimes(1)
  expect(app.quit).not.toHaveBeenCalled()
  expect(update.install()).toBe(false)
})

it('says that a download failed, also after a check that nobody asked for', async () => {
  updater.downloadUpdate.mockRejectedValue(new Error('no connection'))
  await updates().check(false)
  expect(shown()).toEqual([words.found('2'), words.notDownloaded])
  expect(onError).toHaveBeenCalledTimes(1)
  expect(app.quit).not.toHaveBeenCalled()
})

it('says that a check failed only to who asked for it', async () => {
  updater.checkForUpdates.mockRejectedValue(new Error('no connection'))
  await updates().check(false)
  expect(shown()).toEqual([])
  await updates().check(true)
  expect(shown()).toEqual([words.failed])
})
