import type { StateCreator } from 'zustand/vanilla'
import type { OwlState } from './store.ts'

export const viewNames = ['chat', 'captions', 'video', 'models', 'settings'] as const
export type ViewName = (typeof viewNames)[number]

/** Which view is open, and whether the list beside it is. */
export interface NavigationSlice {
  view: ViewName
  sideOpen: boolean
  shortcutsShown: boolean
  openView(view: ViewName): void
  setSideOpen(open: boolean): void
  showShortcuts(shown: boolean): void
}

export const createNavigationSlice: StateCreator<OwlState, [], [], NavigationSlice> = (set) => ({
  view: 'chat',
  sideOpen: hasRoomForSide(),
  shortcutsShown: false,
  openView: (view) => set({ view }),
  setSideOpen: (sideOpen) => set({ sideOpen }),
  showShortcuts: (shortcutsShown) => set({ shortcutsShown }),
})

/** A narrow window begins without the list, which would lie over the rest. */
function hasRoomForSide(): boolean {
  if (typeof document === 'undefined') return true
  return innerWidth / Number.parseFloat(getComputedStyle(document.documentElement).fontSize) > 44
}
