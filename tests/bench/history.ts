import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { History } from '../../src-main/core/history.ts'
import { Database } from '../../src-main/storage/database.ts'
import { type Figure, type Measure, median } from './measure.ts'

const [chats, messagesEach, repetitions] = [1000, 100, 9]
const english = 'window button dialog screenshot error menu icon chart bar title colour left right open save'.split(' ')
const chinese = [...'窗口按钮对话截图错误菜单图标标题颜色打开保存的是了在有这个']

/** Searches in 100 000 messages, and main's part of opening a chat of 2 000 messages with 200 pictures. */
export const history: Measure = {
  name: 'history',
  async run() {
    const folder = await mkdtemp(join(tmpdir(), 'owl-bench-'))
    const database = await Database.open(join(folder, 'owl.sqlite'))
    try {
      const kept = new History(database)
      for (let chat = 0; chat < chats; chat++) fill(kept, `chat ${chat}`, messagesEach, 0)
      fill(kept, 'long', 2000, 10)
      const figures: Figure[] = ['screenshot', '截图', '图', 'ui', 'window error', 'xylophone'].map((query) => ({
        name: `search in ${chats * messagesEach + 2000} messages: ${query}`,
        value: timed(() => kept.search(query, 100)),
        unit: 'ms',
      }))
      figures.push({
        name: 'open 2 000 messages, 200 pictures (main)',
        value: timed(() => kept.open('long')),
        unit: 'ms',
      })
      figures.push({ name: 'list the first 100 chats', value: timed(() => kept.list(100)), unit: 'ms' })
      return figures
    } finally {
      database.close()
      await rm(folder, { recursive: true, force: true })
    }
  },
}

function timed(work: () => unknown): number {
  const times = Array.from({ length: repetitions }, () => {
    const start = performance.now()
    work()
    return performance.now() - start
  })
  return median(times)
}

/** @param pictureEvery a picture with each so many messages; none where 0 */
function fill({ chats, messages, database }: History, id: string, count: number, pictureEvery: number): void {
  database.transaction(() => {
    const row = chats.add({ id, title: id })
    for (let at = 0; at < count; at++) {
      const words = at % 3 === 0 ? chinese : english
      // Fixed, and different each time.
      const text = Array.from({ length: 30 }, (_, word) => words[(row * 31 + at * 17 + word * word * 7) % words.length])
      const picture = { hash: `${at}`.padStart(64, '0'), name: 'a.png', width: 800, height: 600, bytes: 1000 }
      messages.add(row, {
        id: `${id} ${at}`,
        parentId: at === 0 ? undefined : `${id} ${at - 1}`,
        role: at % 2 === 0 ? 'user' : 'assistant',
        text: text.join(words === chinese ? '' : ' '),
        pictures: pictureEvery > 0 && at % pictureEvery === 0 ? [picture] : [],
        state: 'finished',
      })
    }
  })
}
