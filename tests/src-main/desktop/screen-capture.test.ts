import type { BrowserWindow, Display } from 'electron'
import { beforeEach, expect, it, vi } from 'vitest'
import { CaptureOverlay } from '../../../src-main/desktop/capture-overlay.ts'
import { screenCapture } from '../../../src-main/desktop/screen-capture.ts'

const display = {
  id: 1,
  scaleFactor: 1,
  size: { width: 1920, height: 1080 },
  bounds: { x: 1920, y: 0, width: 1920, height: 1080 },
  workArea: { x: 1920, y: 40, width: 1920, height: 1000 },
} as Display

vi.mock('electron', () => ({
  screen: {
    getCursorScreenPoint: () => ({ x: 0, y: 0 }),
    getDisplayNearestPoint: () => display,
    getAllDisplays: () => [display],
  },
  desktopCapturer: {
    getSources: async () => [{ name: 'Screen', display_id: '1', thumbnail: { isEmpty: () => false } }],
  },
  systemPreferences: { getMediaAccessStatus: () => 'granted' },
}))

const overlay = new CaptureOverlay(() => 'en')
const choose = vi.spyOn(overlay, 'choose')
const state = { isDestroyed: false, isVisible: true, isFocused: false }
const window = {
  isDestroyed: () => state.isDestroyed,
  isVisible: () => state.isVisible,
  isMinimized: () => false,
  isFocused: () => state.isFocused,
  hide: vi.fn(),
  show: vi.fn(),
  showInactive: vi.fn(),
}
const capture = screenCapture(overlay, () => window as unknown as BrowserWindow)

beforeEach(() => {
  vi.clearAllMocks()
  Object.assign(state, { isDestroyed: false, isVisible: true, isFocused: false })
  choose.mockResolvedValue(undefined)
})

it('comes back behind the program over which it was called', async () => {
  expect(await capture('region')).toBeUndefined()
  expect(window.hide).toHaveBeenCalledTimes(1)
  expect(window.showInactive).toHaveBeenCalledTimes(1)
  expect(window.show).not.toHaveBeenCalled()
})

it('comes back in front where it was called from the window', async () => {
  state.isFocused = true
  await capture('region')
  expect(window.show).toHaveBeenCalledTimes(1)
})

it('does without a window, from the start or meanwhile', async () => {
  state.isDestroyed = true
  await capture('region')
  expect(window.hide).not.toHaveBeenCalled()
  state.isDestroyed = false
  choose.mockImplementation(async () => {
    state.isDestroyed = true
    return undefined
  })
  await capture('region')
  expect(window.showInactive).not.toHaveBeenCalled()
})
