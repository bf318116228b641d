import { createContext, use } from 'react'
import { useStore } from 'zustand'
import { createStore, type StateCreator, type StoreApi } from 'zustand/vanilla'
import { type ComposerSlice, createComposerSlice } from '../chat/composer-slice.ts'
import { type ConversationSlice, createConversationSlice } from '../chat/conversation-slice.ts'
import { createOverlaySlice, type OverlaySlice } from '../components/overlay-slice.ts'
import { createInspectorSlice, type InspectorSlice } from '../inspector/inspector-slice.ts'
import { createModelsSlice, type ModelsSlice } from '../models/models-slice.ts'
import { languages, type Text } from './language/language.ts'
import { createPreferencesSlice, type PreferencesSlice } from './preferences-slice.ts'
import type { ConnectionState, Shell } from './shell.ts'

interface ConnectionSlice {
  connection: ConnectionState
  reconnect(): void
}

export type OwlState = ConnectionSlice &
  ModelsSlice &
  ConversationSlice &
  ComposerSlice &
  PreferencesSlice &
  InspectorSlice &
  OverlaySlice

export type OwlStore = StoreApi<OwlState>

/** The whole state of one window, over the shell that carries it. */
export function createOwlStore(shell: Shell, preferences?: Storage): OwlStore {
  const store = createStore<OwlState>()((...parts) => ({
    ...createConnectionSlice(shell)(...parts),
    ...createModelsSlice(shell)(...parts),
    ...createConversationSlice(shell)(...parts),
    ...createComposerSlice(shell)(...parts),
    ...createPreferencesSlice(preferences)(...parts),
    ...createInspectorSlice(shell)(...parts),
    ...createOverlaySlice(...parts),
  }))
  void store.getState().refreshModels()
  return store
}

function createConnectionSlice(shell: Shell): StateCreator<OwlState, [], [], ConnectionSlice> {
  return (set, get) => {
    shell.onConnection((connection) => {
      set({ connection })
      if (connection === 'open') void get().refreshModels()
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
  return useOwl((state) => languages[state.preferences.language])
}
