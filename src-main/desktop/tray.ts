import { Menu, nativeImage, Tray } from 'electron'
import { type CaptureKind, captureKinds } from '../core/captures.ts'
import icon from './tray.png?asset'
import type { ShellWords } from './words.ts'

export interface TrayActions {
  show(): void
  capture(kind: CaptureKind): void
  quit(): void
}

/** The owl beside the clock. Some desktops have no such place; then there is none. */
export function openTray(words: ShellWords, { show, capture, quit }: TrayActions): Tray | undefined {
  try {
    const tray = new Tray(nativeImage.createFromPath(icon))
    tray.setToolTip('Owl')
    tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: words.show, click: show },
        { type: 'separator' },
        ...captureKinds.map((kind) => ({ label: words.capture[kind], click: () => capture(kind) })),
        { type: 'separator' },
        { label: words.quit, click: quit },
      ]),
    )
    tray.on('click', show)
    return tray
  } catch {
    return undefined
  }
}
