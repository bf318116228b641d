import { randomUUID } from 'node:crypto'
import { dataFolder } from '../../src-main/core/data-folder.ts'
import { History } from '../../src-main/core/history.ts'
import { Database } from '../../src-main/storage/database.ts'

/** Puts a chat into a data folder, questions and answers in turn, as if it had been held before. @returns its id */
export async function keepChat(root: string, texts: string[]): Promise<string> {
  const database = await Database.open(dataFolder({ OWL_DATA_DIR: root }).database)
  const { chats, messages } = new History(database)
  const id = randomUUID()
  database.transaction(() => {
    const row = chats.add({ id, title: texts[0]! })
    let parentId: string | undefined
    for (const [at, text] of texts.entries()) {
      const message = { id: randomUUID(), parentId, text, pictures: [], state: 'finished' } as const
      messages.add(row, { ...message, role: at % 2 === 0 ? 'user' : 'assistant' })
      parentId = message.id
    }
  })
  database.close()
  return id
}
