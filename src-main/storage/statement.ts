import type { StatementSyncInstance } from '@photostructure/sqlite'
import { storageError } from './storage-error.ts'

export type SqlValue = string | number | bigint | null | Uint8Array

/** A prepared statement whose errors are OwlErrors. Rows are typed by who wrote the SQL. */
export class Statement {
  readonly #statement: StatementSyncInstance
  readonly #path: string

  /** @param path of the database, for messages */
  constructor(statement: StatementSyncInstance, path: string) {
    this.#statement = statement
    this.#path = path
  }

  run(...values: SqlValue[]): { changes: number; lastInsertRowid: number } {
    return this.#guard(() => {
      const { changes, lastInsertRowid } = this.#statement.run(...values)
      return { changes: Number(changes), lastInsertRowid: Number(lastInsertRowid) }
    })
  }

  get<Row>(...values: SqlValue[]): Row | undefined {
    return this.#guard(() => this.#statement.get(...values) as Row | undefined)
  }

  all<Row>(...values: SqlValue[]): Row[] {
    return this.#guard(() => this.#statement.all(...values) as Row[])
  }

  #guard<Result>(work: () => Result): Result {
    try {
      return work()
    } catch (error) {
      throw storageError(error, this.#path)
    }
  }
}
