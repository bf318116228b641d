import type { StateCreator } from 'zustand/vanilla'
import type { Picture } from '../../src-main/ipc/contract.ts'
import type { OwlState } from '../app/store.ts'

/** What lies over the window: one picture of a row shown large, or the question whether to open an address. */
export interface OverlaySlice {
  viewer?: { pictures: Picture[]; index: number }
  untrustedAddress?: string
  showPictures(pictures: Picture[], index: number): void
  askToOpen(address: string): void
  closeOverlay(): void
}

export const createOverlaySlice: StateCreator<OwlState, [], [], OverlaySlice> = (set) => ({
  showPictures: (pictures, index) => set({ viewer: { pictures, index } }),
  askToOpen: (untrustedAddress) => set({ untrustedAddress }),
  closeOverlay: () => set({ viewer: undefined, untrustedAddress: undefined }),
})
