import { basename, dirname } from 'node:path'
import { OwlError } from '../../native-models/owl-error.ts'

/** What SQLite or the file system said, as an error for people. */
export function storageError(error: unknown, path: string): OwlError {
  if (error instanceof OwlError) return error
  const { sqliteCodeName = '', code = '' } = error as { sqliteCodeName?: string; code?: string }
  const name = basename(path)
  const message = error instanceof Error ? error.message : String(error)
  if (sqliteCodeName.startsWith('SQLITE_FULL') || code === 'ENOSPC') {
    return new OwlError('disk-full', `There is no space left in ${dirname(path)}.`, { cause: error })
  }
  if (sqliteCodeName.startsWith('SQLITE_CORRUPT') || sqliteCodeName.startsWith('SQLITE_NOTADB')) {
    return new OwlError('database-damaged', `${name} is damaged: ${message}.`, { cause: error })
  }
  if (/^SQLITE_(BUSY|LOCKED|READONLY|CANTOPEN|IOERR|PERM|AUTH)/.test(sqliteCodeName) || /^E[A-Z]+$/.test(code)) {
    return new OwlError('database-unavailable', `${name} cannot be used: ${message}.`, { cause: error })
  }
  return OwlError.from(error)
}
