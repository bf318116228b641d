import type { StateCreator } from 'zustand/vanilla'
import type { CallOutput, SettingKey, SettingsValues } from '../../src-main/ipc/contract.ts'
import { toErrorMessage } from '../app/error.ts'
import type { Shell } from '../app/shell.ts'
import type { OwlState } from '../app/store.ts'

export interface SettingsSlice {
  /** As main has them; what it had at the last visit until it has answered, nothing at the very first. */
  settings: Partial<SettingsValues>
  refreshSettings(): Promise<void>
  /** Changes some. They hold at once; the promise rejects with an error message if main could not keep them. */
  changeSettings(changes: Partial<SettingsValues>): Promise<void>
  /** To their defaults; all of them when no keys are given. Rejects as `changeSettings`. */
  resetSettings(keys?: SettingKey[]): Promise<void>
  /** The program's log; undefined without a connection. */
  readLog(): Promise<CallOutput<'logs.read'> | undefined>
  /** What models can run on, tried out; rejects as main says. @param again although that is known */
  listDevices(again: boolean): Promise<CallOutput<'devices.list'>>
  /** What there is to set; undefined without a connection. */
  loadSettingsList(): Promise<CallOutput<'settings.list'> | undefined>
}

const key = 'owl.settings'

/** @param storage keeps a copy for the next start, so that its first paint has the right colours and language */
export function createSettingsSlice({ api }: Shell, storage?: Storage): StateCreator<OwlState, [], [], SettingsSlice> {
  return (set) => {
    function take(settings: SettingsValues) {
      set({ settings })
      storage?.setItem(key, JSON.stringify(settings))
    }

    api.on('settings.changed', take)
    return {
      settings: read(storage),

      async refreshSettings() {
        // Without a connection the copy goes on; it is asked for again when the connection is back.
        const settings = await api.call('settings.get', {}).catch(() => undefined)
        if (settings) take(settings)
      },

      async changeSettings(changes) {
        set(({ settings }) => ({ settings: { ...settings, ...changes } }))
        try {
          await api.call('settings.set', changes)
        } catch (thrown) {
          throw toErrorMessage(thrown)
        }
      },

      async resetSettings(keys) {
        try {
          await api.call('settings.reset', { keys })
        } catch (thrown) {
          throw toErrorMessage(thrown)
        }
      },

      readLog: () => api.call('logs.read', {}).catch(() => undefined),
      listDevices: (again) => api.call('devices.list', { again }),
      loadSettingsList: () => api.call('settings.list', {}).catch(() => undefined),
    }
  }
}

function read(storage: Storage | undefined): Partial<SettingsValues> {
  try {
    const stored: unknown = JSON.parse(storage?.getItem(key) ?? '{}')
    if (typeof stored === 'object' && stored !== null) return stored
  } catch {
    // A damaged copy is as good as none.
  }
  return {}
}
