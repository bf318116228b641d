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

/** What a form began, which goes on while another view is shown. */
export interface ModelWork {
  isRunning: boolean
  error?: OwlErrorMessage
  /** Where an export went. */
  folder?: string
}

/** Installations that are not complete, and what is done with models besides using them. */
export interface InstallsSlice {
  installs: InstallState[]
  catalogue: CatalogueEntry[]
  hasToken: boolean
  /** How far the verification of a model is, by name. */
  verifying: Record<string, EventPayload<'models.verifying'>>
  verified: Record<string, CallOutput<'models.verify'>>
  /** What last failed in the lists; forms tell of their own failures. */
  modelsError?: OwlErrorMessage
  /** By form: `import`, `token`, `export NAME`. */
  modelWork: Record<string, ModelWork>
  refreshInstalls(): Promise<void>
  /** @throws the error as it crossed the wire */
  planInstall(wish: InstallWish): Promise<InstallPlan>
  /** @throws the error as it crossed the wire */
  install(wish: CallInput<'models.install'>): Promise<void>
  changeInstall(name: string, change: 'pause' | 'resume' | 'cancel'): Promise<void>
  verifyModel(name: string): Promise<void>
  changeModel(name: string, change: 'repair' | 'remove' | 'openFolder'): Promise<void>
  setDevice(name: string, device: CallInput<'models.setDevice'>['device']): Promise<void>
  exportModel(name: string, folder: string): Promise<void>
  /** @returns whether it is there */
  importModel(folder: string): Promise<boolean>
  /** @returns whether it is kept, or forgotten */
  setToken(token: string | undefined): Promise<boolean>
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
    let refreshError: OwlErrorMessage | undefined
    /** The work of a form: one at a time, and its failure stays in the form. @returns whether it was done */
    const workFor = async (form: string, work: () => Promise<{ folder?: string }>): Promise<boolean> => {
      if (get().modelWork[form]?.isRunning) return false
      const tell = (now: ModelWork) => set({ modelWork: { ...get().modelWork, [form]: now } })
      tell({ isRunning: true })
      try {
        const { folder } = await work()
        tell({ isRunning: false, folder })
        return true
      } catch (thrown) {
        tell({ isRunning: false, error: toErrorMessage(thrown) })
        return false
      }
    }
    return {
      installs: [],
      catalogue: [],
      modelWork: {},
      hasToken: false,
      verifying: {},
      verified: {},

      async refreshInstalls() {
        // It often follows on what a person did, and must not hide why that failed.
        const isFree = () => get().modelsError === undefined || get().modelsError === refreshError
        try {
          // Taken when they come, as events tell of what changes afterwards.
          const takeInstalls = async () => set({ installs: await api.call('models.installs', {}) })
          const [catalogue, { hasToken }] = await Promise.all([
            api.call('models.catalogue', {}),
            api.call('models.hasToken', {}),
            takeInstalls(),
          ])
          set({ catalogue, hasToken })
          if (isFree()) set({ modelsError: undefined })
        } catch (thrown) {
          const wasFree = isFree()
          refreshError = toErrorMessage(thrown)
          if (wasFree) set({ modelsError: refreshError })
        }
      },
      planInstall: (wish) => api.call('models.plan', wish),
      install: async (wish) => void (await api.call('models.install', wish)),
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
      exportModel: async (name, folder) =>
        void (await workFor(`export ${name}`, () => api.call('models.export', { name, folder }))),
      async importModel(folder) {
        const done = await workFor('import', async () => {
          await api.call('models.import', { folder })
          return {}
        })
        await get().refreshModels()
        return done
      },
      async setToken(token) {
        const done = await workFor('token', () => api.call('models.setToken', { token }))
        await get().refreshInstalls()
        return done
      },
    }
  }
}
