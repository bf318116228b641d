/** A process that is to be killed: it begins a migration, tells so, and never ends it. */
import { writeSync } from 'node:fs'
import { Database } from '../../../src-main/storage/database.ts'

const first = { name: 'first', run: () => {} }
const endless = {
  name: 'second',
  run(database: Database) {
    database.exec('DELETE FROM note WHERE rowid % 2 = 0')
    writeSync(1, 'half\n')
    for (;;) database.exec("UPDATE note SET text = text || '.'")
  },
}
await Database.open(process.argv[2]!, [first, endless])
