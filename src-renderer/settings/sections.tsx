import type { ComponentType } from 'react'
import type { Text } from '../app/language/language.ts'
import { DataFolderPanel } from './data-folder-panel.tsx'
import { DevicesPanel } from './devices-panel.tsx'
import { LocalServerPanel } from './local-server-panel.tsx'
import { LogPanel } from './log-panel.tsx'

export interface SettingsPanel {
  name: string
  /** What a search for it may hold. */
  words: (text: Text['settings']) => string[]
  /** A row or more of the section's card. */
  Panel: ComponentType
}

export interface SettingsSection {
  /** The part of its settings' keys before the dot. */
  domain: string
  /** What it shows besides the settings of its domain. */
  panels: readonly SettingsPanel[]
}

/** The sections of the settings, in order. */
export const sections: readonly SettingsSection[] = [
  { domain: 'appearance', panels: [] },
  { domain: 'chat', panels: [] },
  {
    domain: 'device',
    panels: [{ name: 'devices', words: ({ devices }) => [devices.title, devices.detail], Panel: DevicesPanel }],
  },
  { domain: 'reading', panels: [] },
  { domain: 'desktop', panels: [] },
  {
    domain: 'server',
    panels: [
      {
        name: 'server',
        words: ({ server }) => [server.title, server.detail, server.address, server.key],
        Panel: LocalServerPanel,
      },
    ],
  },
  { domain: 'logs', panels: [{ name: 'log', words: ({ log }) => [log.title, log.detail], Panel: LogPanel }] },
  {
    domain: 'data',
    panels: [
      { name: 'folder', words: ({ folder }) => [folder.title, folder.detail, folder.move], Panel: DataFolderPanel },
    ],
  },
  { domain: 'models', panels: [] },
]
