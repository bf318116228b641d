import type { StateCreator } from 'zustand/vanilla'
import type { Model, ModelState, OwlErrorMessage } from '../../src-main/ipc/contract.ts'
import { toErrorMessage } from '../app/error.ts'
import type { Shell } from '../app/shell.ts'
import type { OwlState } from '../app/store.ts'

export interface ModelsSlice {
  /** The installed models. */
  models: Model[]
  model: ModelState
  /** Asks main anew for the list and the state. */
  refreshModels(): Promise<void>
  /** @param how `anyway` where it will most likely not fit into memory; `onProcessor` where a GPU cannot be used */
  loadModel(name: string, how?: { anyway?: boolean; onProcessor?: boolean }): Promise<void>
  /** Why the processor took a GPU's place, once the person has read it. */
  seenReason?: string
  hideReason(): void
  /** Asked before a model is loaded for which memory is short. */
  memoryQuestion?: { name: string; error: OwlErrorMessage }
  leaveMemoryQuestion(): void
}

export function createModelsSlice({ api }: Shell): StateCreator<OwlState, [], [], ModelsSlice> {
  return (set, get) => {
    api.on('models.changed', (model) => set({ model }))
    return {
      models: [],
      model: { state: 'none' },

      async refreshModels() {
        try {
          // The state is taken when it comes: while the list is on its way it may change, and events tell of that.
          const takeState = async () => set({ model: await api.call('models.state', {}) })
          const [models] = await Promise.all([api.call('models.list', {}), takeState()])
          set({ models })
        } catch (thrown) {
          const error = toErrorMessage(thrown)
          // The connection has a banner of its own.
          if (error.code !== 'connection-lost') set({ model: { state: 'failed', name: '', error } })
        }
      },

      leaveMemoryQuestion: () => set({ memoryQuestion: undefined }),

      hideReason() {
        const { model } = get()
        if (model.state === 'ready') set({ seenReason: model.insteadOfGpu })
      },

      async loadModel(name, how) {
        const before = get().model
        set({ model: { state: 'loading', name }, memoryQuestion: undefined })
        try {
          set({ model: await api.call('models.load', { name, ...how }) })
        } catch (thrown) {
          const error = toErrorMessage(thrown)
          if (error.code === 'model-too-large') set({ model: before, memoryQuestion: { name, error } })
          else set({ model: { state: 'failed', name, error } })
        }
      },
    }
  }
}

/** How a model is called on the screen, while loading too. */
export function modelTitle(models: Model[], name: string): string {
  return models.find((model) => model.name === name)?.title ?? name
}
