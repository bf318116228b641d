import { Menu, type MenuItemConstructorOptions } from 'electron'
import type { ShellWords } from './words.ts'

/** The usual menus, whose items bring the usual keys: copy and paste, zoom, full screen, quit. */
export function setMenu(words: ShellWords, checkForUpdates: () => void): void {
  const view: MenuItemConstructorOptions = {
    label: words.view,
    submenu: [
      { role: 'reload' },
      { role: 'toggleDevTools' },
      { type: 'separator' },
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { type: 'separator' },
      { role: 'togglefullscreen' },
    ],
  }
  const help: MenuItemConstructorOptions = {
    label: words.help,
    role: 'help',
    submenu: [{ label: words.checkForUpdates, click: checkForUpdates }],
  }
  const first: MenuItemConstructorOptions = { role: process.platform === 'darwin' ? 'appMenu' : 'fileMenu' }
  Menu.setApplicationMenu(Menu.buildFromTemplate([first, { role: 'editMenu' }, view, { role: 'windowMenu' }, help]))
}
