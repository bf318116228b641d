import type { StateCreator } from 'zustand/vanilla'
import type {
  CallInput,
  CallOutput,
  CatalogueEntry,
  EventPayload,
  InstallPlan,
  InstallState,
  OwlErrorMessage,
} from '../../src-main/ipc/contract.ts'
import { toErrorMessage } from '../app/error.ts'
import type { Shell } from '../app/shell.ts'
import type { OwlState } from '../app/store.ts'

export type InstallWish = CallInput<'models.plan'>

/** Installations that are not complete, and what is done with models besides using them. */
export interface InstallsSlice {
  installs: InstallState[]
  catalogue: CatalogueEntry[]
  hasToken: boolean
  /** How far the verification of a model is, by name. */
  verifying: Record<string, EventPayload<'models.verifying'>>
  verified: Record<string, CallOutput<'models.verify'>>
  /** What last failed in the models' view. */
  modelsError?: OwlErrorMessage
  refreshInstalls(): Promise<void>
  /** Undefined where it cannot be told; why is in `modelsError`. */
  planInstall(wish: InstallWish): Promise<InstallPlan | undefined>
  install(wish: CallInput<'models.install'>): Promise<boolean>
  changeInstall(name: string, change: 'pause' | 'resume' | 'cancel'): Promise<void>
  verifyModel(name: string): Promise<void>
  changeModel(name: string, change: 'repair' | 'remove' | 'openFolder'): Promise<void>
  setDevice(name: string, device: CallInput<'models.setDevice'>['device']): Promise<void>
  exportModel(name: string, folder: string): Promise<string | undefined>
  importModel(folder: string): Promise<boolean>
  setToken(token: string | undefined): Promise<void>
}

export function createInstallsSlice({ api }: Shell): StateCreator<OwlState, [], [], InstallsSlice> {
  return (set, get) => {
    api.on('models.installing', (installs) => {
      const ended = get().installs.some(({ name }) => !installs.some((other) => other.name === name))
      set({ installs })
      if (ended) void get().refreshModels()
    })
    api.on('models.verifying', (progress) => set({ verifying: { ...get().verifying, [progress.name]: progress } }))
    const attempt = async <Result>(action: () => Promise<Result>): Promise<Result | undefined> => {
      try {
        set({ modelsError: undefined })
        return await action()
      } catch (thrown) {
        set({ modelsError: toErrorMessage(thrown) })
        return undefined
      }
    }
    return {
      installs: [],
      catalogue: [],
      hasToken: false,
      verifying: {},
      verified: {},

      async refreshInstalls() {
        await attempt(async () => {
          // Taken when they come, as events tell of what changes afterwards.
          const takeInstalls = async () => set({ installs: await api.call('models.installs', {}) })
          const [catalogue, { hasToken }] = await Promise.all([
            api.call('models.catalogue', {}),
            api.call('models.hasToken', {}),
            takeInstalls(),
          ])
          set({ catalogue, hasToken })
        })
      },
      planInstall: (wish) => attempt(() => api.call('models.plan', wish)),
      install: async (wish) => (await attempt(() => api.call('models.install', wish))) !== undefined,
      async changeInstall(name, change) {
        await attempt(() => api.call(`models.${change}`, { name }))
        await get().refreshInstalls()
      },
      async verifyModel(name) {
        const result = await attempt(() => api.call('models.verify', { name }))
        const { [name]: _, ...verifying } = get().verifying
        set({ verifying, verified: result ? { ...get().verified, [name]: result } : get().verified })
        await get().refreshModels()
      },
      async changeModel(name, change) {
        await attempt(() => api.call(`models.${change}`, { name }))
        const { [name]: _, ...verified } = get().verified
        set({ verified })
        await get().refreshModels()
      },
      async setDevice(name, device) {
        await attempt(() => api.call('models.setDevice', { name, device }))
        await get().refreshModels()
      },
      exportModel: async (name, folder) => (await attempt(() => api.call('models.export', { name, folder })))?.folder,
      async importModel(folder) {
        const done = await attempt(() => api.call('models.import', { folder }))
        await get().refreshModels()
        return done !== undefined
      },
      async setToken(token) {
        await attempt(() => api.call('models.setToken', { token }))
        await get().refreshInstalls()
      },
    }
  }
}
