import { basename, dirname } from 'node:path'
import { OwlError } from '../../native-models/owl-error.ts'

/** What SQLite or the file system said, as an error for people. */
export function storageError(error: unknown, path: string): OwlError {
  if (error instanceof OwlError) return error
  const { sqliteCodeName = '', code = '' } = error as { sqliteCodeName?: string; code?: string }
  const name = basename(path)
  const message = error instanceof Error ? error.message : String(error)
  // Errors of prepared statements come without SQLite's code.
  const means = (codes: RegExp, words: RegExp) => codes.test(sqliteCodeName) || words.test(message)
  if (code === 'ENOSPC' || means(/^SQLITE_FULL/, /database or disk is full/)) {
    return new OwlError('disk-full', `There is no space left in ${dirname(path)}.`, { cause: error })
  }
  if (means(/^SQLITE_(CORRUPT|NOTADB)/, /malformed|not a database/)) {
    return new OwlError('database-damaged', `${name} is damaged: ${message}.`, { cause: error })
  }
  const unusable = /^SQLITE_(BUSY|LOCKED|READONLY|CANTOPEN|IOERR|PERM|AUTH)/
  if (/^E[A-Z]+$/.test(code) || means(unusable, /is locked|readonly database|unable to open|disk I\/O error/)) {
    return new OwlError('database-unavailable', `${name} cannot be used: ${message}.`, { cause: error })
  }
  return OwlError.from(error)
}
