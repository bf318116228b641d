import { join, resolve } from 'node:path'
import envPaths from 'env-paths'

/** Where the assistant keeps what belongs to the person: installed models, attachments, chats and settings. */
export interface DataFolder {
  root: string
  models: string
  attachments: string
  /** The SQLite file; its copies are in `backups/` beside it. */
  database: string
  /** The file of `Settings`. */
  settings: string
  /** File of what was found out about devices. */
  devices: string
  logs: string
}

/** The platform's data folder for Owl Desktop, or what OWL_DATA_DIR names. Nothing is created here. */
export function dataFolder(environment: NodeJS.ProcessEnv = process.env): DataFolder {
  const root = resolve(environment.OWL_DATA_DIR || envPaths('owl-desktop', { suffix: '' }).data)
  return {
    root,
    models: join(root, 'models'),
    attachments: join(root, 'attachments'),
    database: join(root, 'owl.sqlite'),
    settings: join(root, 'settings.json'),
    devices: join(root, 'devices.json'),
    logs: join(root, 'logs'),
  }
}
