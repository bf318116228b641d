import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CDPSession, chromium, type Page } from '@playwright/test'
import sharp from 'sharp'
import { dataFolder } from '../../src-main/core/data-folder.ts'
import { History } from '../../src-main/core/history.ts'
import { Pictures } from '../../src-main/core/pictures.ts'
import { AttachmentStore } from '../../src-main/storage/attachment-store.ts'
import { Database } from '../../src-main/storage/database.ts'
import { serveWindow } from '../desktop/served-window.ts'
import { type Figure, type Measure, median } from './measure.ts'

const [messages, pictures, repetitions] = [2000, 200, 9]
const long = 'A long chat'
const short = 'A short chat'

/**
 * The window's main thread while a chat of 2 000 messages with 200 pictures opens, and while it is scrolled from its end
 * to its beginning, in a real Chromium (after `npm run build`). Time of the thread, so that other work on the machine
 * counts less.
 */
export const longChat: Measure = {
  name: 'long-chat',
  async run() {
    const folder = await mkdtemp(join(tmpdir(), 'owl-bench-'))
    await fill(folder)
    const served = await serveWindow({ dataFolder: folder })
    const browser = await chromium.launch({
      executablePath: process.env.OWL_BROWSER ?? '/usr/bin/chromium',
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    })
    try {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: 'en-US' })
      await page.goto(served.address)
      await page.getByText(/^(CPU|GPU)$/).waitFor({ timeout: 120_000 })
      const devTools = await page.context().newCDPSession(page)
      await devTools.send('Performance.enable', { timeDomain: 'threadTicks' })
      const times: number[] = []
      for (let repetition = 0; repetition < repetitions; repetition++) {
        times.push(await taskTime(devTools, () => open(page, long, `Answer ${messages - 1}.`)))
        await open(page, short, 'Answer 1.')
      }
      await open(page, long, `Answer ${messages - 1}.`)
      const scrolled = await taskTime(devTools, () => scrollUp(page))
      const figures: Figure[] = [
        { name: 'open 2 000 messages, 200 pictures: main thread, the first time', value: times[0]!, unit: 'ms' },
        { name: 'open it again: main thread', value: median(times.slice(1)), unit: 'ms' },
        { name: 'scroll through it: main thread for each screenful', value: scrolled / screenfuls, unit: 'ms' },
      ]
      return figures
    } finally {
      await browser.close()
      await served.stop()
      await rm(folder, { recursive: true, force: true })
    }
  },
}

const screenfuls = 60

/** In milliseconds of the thread. */
async function taskTime(devTools: CDPSession, work: () => Promise<unknown>): Promise<number> {
  const read = async () => {
    const { metrics } = await devTools.send('Performance.getMetrics')
    return metrics.find(({ name }) => name === 'TaskDuration')!.value * 1000
  }
  const before = await read()
  await work()
  return (await read()) - before
}

async function open(page: Page, title: string, last: string): Promise<void> {
  await page.getByRole('button', { name: title, exact: true }).click()
  await page.getByText(last, { exact: false }).last().waitFor()
  await settled(page)
}

/** Until two frames and an idle moment have passed: pictures are drawn and rows are measured by then. */
function settled(page: Page): Promise<void> {
  return page.evaluate(
    () =>
      new Promise<void>((resolve) =>
        requestAnimationFrame(() => requestAnimationFrame(() => requestIdleCallback(() => resolve()))),
      ),
  )
}

function scrollUp(page: Page): Promise<void> {
  return page.getByRole('region', { name: 'Conversation' }).evaluate(async (scroller, screenfuls) => {
    for (let at = 0; at < screenfuls; at++) {
      scroller.scrollBy(0, -scroller.clientHeight)
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    }
  }, screenfuls)
}

async function fill(root: string): Promise<void> {
  const folder = dataFolder({ OWL_DATA_DIR: root })
  const store = new Pictures(new AttachmentStore(folder.attachments))
  const stored = await Promise.all(
    Array.from({ length: pictures }, async (_, at) => {
      const background = { r: (at * 37) % 256, g: (at * 91) % 256, b: (at * 53) % 256 }
      const image = sharp({ create: { width: 800, height: 600, channels: 3, background } })
      return store.add(`${at}.png`, await image.png().toBuffer())
    }),
  )
  const database = await Database.open(folder.database)
  const history = new History(database)
  const add = (title: string, count: number) =>
    database.transaction(() => {
      const row = history.chats.add({ id: title, title })
      for (let at = 0; at < count; at++) {
        const isQuestion = at % 2 === 0
        const picture = stored[(at * pictures) / count]
        history.messages.add(row, {
          id: `${title} ${at}`,
          parentId: at === 0 ? undefined : `${title} ${at - 1}`,
          role: isQuestion ? 'user' : 'assistant',
          text: isQuestion ? `What is on picture ${at}, and what does it ask?` : answer(at),
          pictures: count === messages && isQuestion && picture ? [picture] : [],
          state: 'finished',
          ...(!isQuestion && { outcome: { finish: 'stop' } }),
        })
      }
    })
  add(short, 2)
  add(long, messages)
  database.close()
}

/** As models write: a paragraph, a list, some code. */
function answer(at: number): string {
  const code = at % 5 === 0 ? '\n\n```ts\nconst saved = await save(report)\nif (!saved) throw new Error()\n```' : ''
  return `The window asks whether **report ${at}** is to be saved.\n\n- Save keeps it\n- Discard loses it${code}\n\nAnswer ${at}.`
}
