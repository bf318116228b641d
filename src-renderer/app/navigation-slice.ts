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
  /** Closes the list where it lies over the view. @returns whether it did */
  leaveSide(): boolean
  showShortcuts(shown: boolean): void
}

export const createNavigationSlice: StateCreator<OwlState, [], [], NavigationSlice> = (set, get) => ({
  view: 'chat',
  sideOpen: hasRoomForSide(),
  shortcutsShown: false,
  openView(view) {
    if (view !== get().view) get().leaveSide()
    set({ view })
  },
  setSideOpen: (sideOpen) => set({ sideOpen }),
  leaveSide() {
    if (!get().sideOpen || hasRoomForSide()) return false
    set({ sideOpen: false })
    return true
  },
  showShortcuts: (shortcutsShown) => set({ shortcutsShown }),
})

/** A narrow window begins without the list, which would lie over the rest; its style sheet knows the same limit. */
export function hasRoomForSide(): boolean {
  if (typeof document === 'undefined') return true
  return innerWidth / Number.parseFloat(getComputedStyle(document.documentElement).fontSize) > 44
}
