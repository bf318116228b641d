import { createContext, use, useLayoutEffect } from 'react'
import { useStore } from 'zustand'
import { createStore, type StateCreator, type StoreApi } from 'zustand/vanilla'
import { type CaptionsSlice, createCaptionsSlice } from '../captions/captions-slice.ts'
import { type ComposerSlice, createComposerSlice } from '../chat/composer-slice.ts'
import { type ConversationSlice, createConversationSlice } from '../chat/conversation-slice.ts'
import { createOverlaySlice, type OverlaySlice } from '../components/overlay-slice.ts'
import { createPictureTextSlice, type PictureTextSlice } from '../components/picture-text-slice.ts'
import { createHistorySlice, type HistorySlice } from '../history/history-slice.ts'
import { createTransfersSlice, type TransfersSlice } from '../history/transfers-slice.ts'
import { createInspectorSlice, type InspectorSlice } from '../inspector/inspector-slice.ts'
import { createInstallsSlice, type InstallsSlice } from '../models/installs-slice.ts'
import { createModelsSlice, type ModelsSlice } from '../models/models-slice.ts'
import { createDataFolderSlice, type DataFolderSlice } from '../settings/data-folder-slice.ts'
import { createLocalServerSlice, type LocalServerSlice } from '../settings/local-server-slice.ts'
import { createSettingsSlice, type SettingsSlice } from '../settings/settings-slice.ts'
import { createVideoSlice, type VideoSlice } from '../video/video-slice.ts'
import { showAppearance, textFor } from './appearance.ts'
import { fetchFile } from './fetch-file.ts'
import type { Text } from './language/language.ts'
import { createNavigationSlice, type NavigationSlice } from './navigation-slice.ts'
import type { ConnectionState, Shell } from './shell.ts'

interface ConnectionSlice {
  connection: ConnectionState
  reconnect(): void
}

export type OwlState = ConnectionSlice &
  ModelsSlice &
  InstallsSlice &
  ConversationSlice &
  ComposerSlice &
  HistorySlice &
  TransfersSlice &
  InspectorSlice &
  SettingsSlice &
  DataFolderSlice &
  LocalServerSlice &
  CaptionsSlice &
  VideoSlice &
  NavigationSlice &
  OverlaySlice &
  PictureTextSlice

export type OwlStore = StoreApi<OwlState>

/** The whole state of one window, over the shell that carries it. */
export function createOwlStore(shell: Shell, storage?: Storage): OwlStore {
  const store = createStore<OwlState>()((...parts) => ({
    ...createConnectionSlice(shell)(...parts),
    ...createModelsSlice(shell)(...parts),
    ...createInstallsSlice(shell)(...parts),
    ...createConversationSlice(shell)(...parts),
    ...createComposerSlice(shell)(...parts),
    ...createHistorySlice(shell)(...parts),
    ...createTransfersSlice(shell, fetchFile)(...parts),
    ...createInspectorSlice(shell)(...parts),
    ...createSettingsSlice(shell, storage)(...parts),
    ...createDataFolderSlice(shell)(...parts),
    ...createLocalServerSlice(shell)(...parts),
    ...createCaptionsSlice(shell)(...parts),
    ...createVideoSlice(shell)(...parts),
    ...createNavigationSlice(...parts),
    ...createOverlaySlice(...parts),
    ...createPictureTextSlice(shell)(...parts),
  }))
  void store.getState().refreshModels()
  void store.getState().refreshSettings()
  void store.getState().refreshChats()
  void store.getState().refreshHistoryStatus()
  return store
}

function createConnectionSlice(shell: Shell): StateCreator<OwlState, [], [], ConnectionSlice> {
  return (set, get) => {
    shell.onConnection((connection) => {
      set({ connection })
      if (connection !== 'open') return
      void get().refreshModels()
      void get().refreshSettings()
    })
    return { connection: 'open', reconnect: shell.reconnect }
  }
}

export const StoreContext = createContext<OwlStore | undefined>(undefined)

/** Reads from the window's state; the component renders again when what it selects changes. */
export function useOwl<T>(select: (state: OwlState) => T): T {
  const store = use(StoreContext)
  if (!store) throw new Error('useOwl needs a StoreContext above it')
  return useStore(store, select)
}

/** The words of the window in the chosen language. */
export function useText(): Text {
  return useOwl(({ settings }) => textFor(settings))
}

/** Keeps colours, sizes and language of the document as the settings say. */
export function useAppearance(): void {
  const settings = useOwl((state) => state.settings)
  useLayoutEffect(() => showAppearance(settings), [settings])
}
