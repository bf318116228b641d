import { type BrowserWindow, type Display, desktopCapturer, screen, systemPreferences } from 'electron'
import { OwlError } from '../../native-models/owl-error.ts'
import type { CaptureHost, CaptureKind } from '../core/captures.ts'
import type { CaptureOverlay, Offer } from './capture-overlay.ts'

/** Long enough for a window that hides to be gone from the screen. */
const hidingMs = 250

/**
 * Takes pictures of the screen by Electron's capturer: a screen, a part of one, or a window.
 * The program's own window is out of the way meanwhile.
 * @param mainWindow the program's window, where there is one
 */
export function screenCapture(overlay: CaptureOverlay, mainWindow: () => BrowserWindow | undefined): CaptureHost {
  return async (kind) => {
    refuseWithoutPermission()
    const comeBack = await hide(mainWindow())
    try {
      const offers = await offersOf(kind)
      // With one screen there is nothing to choose.
      const [only] = offers
      if (kind === 'screen' && only?.frames.length === 1) return only.frames[0]?.image.toPNG()
      return (await overlay.choose(offers))?.toPNG()
    } finally {
      comeBack()
    }
  }
}

/** @returns what shows the window again: in front only if it was, as the keys work over other programs, too */
async function hide(window: BrowserWindow | undefined): Promise<() => void> {
  if (!window || window.isDestroyed() || !window.isVisible() || window.isMinimized()) return () => {}
  const wasFocused = window.isFocused()
  window.hide()
  await new Promise((resolve) => setTimeout(resolve, hidingMs))
  return () => {
    if (window.isDestroyed()) return
    if (wasFocused) window.show()
    else window.showInactive()
  }
}

function refuseWithoutPermission(): void {
  if (process.platform !== 'darwin') return
  const status = systemPreferences.getMediaAccessStatus('screen')
  if (status === 'denied' || status === 'restricted') {
    throw new OwlError('capture-unavailable', 'The system does not let Owl look at the screen.', {
      hint: 'Allow it in the system settings, under Privacy, Screen recording; then start Owl again.',
    })
  }
}

async function offersOf(kind: CaptureKind): Promise<Offer[]> {
  const pointed = screen.getDisplayNearestPoint(screen.getCursorScreenPoint())
  if (kind === 'window') {
    const sources = await desktopCapturer.getSources({ types: ['window'], thumbnailSize: pixels(pointed) })
    const frames = sources
      .filter(({ thumbnail }) => !thumbnail.isEmpty())
      .map(({ name, thumbnail }) => ({ name, image: thumbnail }))
    if (frames.length === 0) throw new OwlError('capture-unavailable', 'No window can be looked at.')
    return [{ kind: 'windows', display: pointed, frames }]
  }
  const offers = await Promise.all(screen.getAllDisplays().map(screenOffer))
  if (kind === 'region') return offers
  // Several screens are chosen from as windows are, on the one under the pointer.
  return [{ kind: 'windows', display: pointed, frames: offers.flatMap(({ frames }) => frames) }]
}

async function screenOffer(display: Display): Promise<Offer> {
  const sources = await desktopCapturer.getSources({ types: ['screen'], thumbnailSize: pixels(display) })
  // Some systems name no display; then they have one, or ask the person themselves.
  const source = sources.find(({ display_id }) => display_id === String(display.id)) ?? sources[0]
  if (!source || source.thumbnail.isEmpty()) {
    throw new OwlError('capture-unavailable', 'The screen could not be looked at.')
  }
  return { kind: 'region', display, frames: [{ name: source.name, image: source.thumbnail }] }
}

/** A display's size in pixels, not in units of the desktop. */
function pixels({ size, scaleFactor }: Display): { width: number; height: number } {
  return { width: Math.round(size.width * scaleFactor), height: Math.round(size.height * scaleFactor) }
}
