import { Menu, type MenuItemConstructorOptions } from 'electron'
import type { ShellWords } from './words.ts'

/** The usual menus, whose items bring the usual keys: copy and paste, zoom, full screen, close, quit. */
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
  const file: MenuItemConstructorOptions[] = [{ role: 'fileMenu' }]
  // There, the program's own menu has Quit, and the file menu only Close.
  if (process.platform === 'darwin') file.unshift({ role: 'appMenu' })
  Menu.setApplicationMenu(Menu.buildFromTemplate([...file, { role: 'editMenu' }, view, { role: 'windowMenu' }, help]))
}
