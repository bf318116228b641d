import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import envPaths from 'env-paths'

/** Where the assistant keeps what belongs to the person: installed models, attachments, chats and settings. */
export interface DataFolder {
  /** Its first place, where a note says to which folder it was moved. */
  home: string
  root: string
  models: string
  attachments: string
  thumbnails: string
  /** Exports and imports on their way. */
  transfers: string
  /** The SQLite file; its copies are in `backups/` beside it. */
  database: string
  /** The file of `Settings`. */
  settings: string
  /** File of what was found out about devices. */
  devices: string
  logs: string
}

/** The note in a data folder's first place. */
export interface FolderNote {
  /** Where the data are now; in the first place itself when left out. */
  folder?: string
  /** To be finished at the next start, once the process that copied has ended. */
  moving?: { to: string; process: number }
  /** Why the last move could not be finished. */
  failed?: { to: string; reason: string }
  /** Folders that the data were moved out of, and that were not removed. */
  old?: string[]
}

/**
 * The platform's data folder for Owl Desktop, or what OWL_DATA_DIR names, or where that was moved to. Nothing is
 * created here.
 */
export function dataFolder(environment: NodeJS.ProcessEnv = process.env): DataFolder {
  const home = resolve(environment.OWL_DATA_DIR || envPaths('owl-desktop', { suffix: '' }).data)
  const root = readFolderNote(home).folder ?? home
  return {
    home,
    root,
    models: join(root, 'models'),
    attachments: join(root, 'attachments'),
    thumbnails: join(root, 'thumbnails'),
    transfers: join(root, 'transfers'),
    database: join(root, 'owl.sqlite'),
    settings: join(root, 'settings.json'),
    devices: join(root, 'devices.json'),
    logs: join(root, 'logs'),
  }
}

export function folderNotePath(home: string): string {
  return join(home, 'moved.json')
}

/** Empty where nothing was ever moved. */
export function readFolderNote(home: string): FolderNote {
  try {
    const note: unknown = JSON.parse(readFileSync(folderNotePath(home), 'utf8'))
    return typeof note === 'object' && note !== null ? (note as FolderNote) : {}
  } catch {
    return {}
  }
}

export function writeFolderNote(home: string, note: FolderNote): void {
  const path = folderNotePath(home)
  mkdirSync(home, { recursive: true })
  writeFileSync(`${path}.new`, `${JSON.stringify(note, undefined, 2)}\n`)
  renameSync(`${path}.new`, path)
}
