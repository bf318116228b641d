import { onOff, shortcut } from './setting.ts'

const electron = { shell: 'electron' } as const

export const desktopSettings = {
  'desktop.captureShortcut': shortcut('CommandOrControl+Shift+Space', electron),
  'desktop.tray': onOff(true, electron),
  'desktop.stayInTray': onOff(false, electron),
  'desktop.checkForUpdates': onOff(false, electron),
}
