import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Box } from '../../native-models/text-reader/text-line.ts'
import { TextReader } from '../../native-models/text-reader/text-reader.ts'
import { type Figure, type Measure, median } from './measure.ts'
import { type CharacterErrors, score } from './reading/character-errors.ts'
import { startOcrNode } from './reading/ocr-node.ts'
import { pageDescriptions, renderPages } from './reading/rendered-pages.ts'
import { startTesseract } from './reading/tesseract.ts'

/** What a reader makes of a picture; milliseconds on the clock and of processor time, of all its threads. */
export interface Reading {
  lines: { text: string; box: Box }[]
  ms: number
  cpuMs: number
}

export interface Reader {
  name: string
  read(path: string): Promise<Reading>
  close(): void
}

/**
 * Text of rendered screens of 1920 x 1080, whose truth is known: characters wrong and time of our reader beside
 * `@gutenye/ocr-node` (the same networks) and tesseract, taking turns picture by picture. Peers are installed into
 * `tests/bench/peers` when they are not there; one that cannot be had is left out with a line that says so.
 */
export const reading: Measure = {
  name: 'reading',
  async run({ threads }) {
    const folder = await mkdtemp(join(tmpdir(), 'owl-pages-'))
    const readers = [
      await startOwn(threads),
      ...(await Promise.all([startOcrNode(), startTesseract()])).filter((reader) => reader !== undefined),
    ]
    try {
      const pages = await renderPages(pageDescriptions())
      const results = readers.map(() => [] as { page: string; reading: Reading; errors: CharacterErrors }[])
      for (const page of pages) {
        const path = join(folder, `${page.name}.png`)
        await writeFile(path, page.png)
        for (const [at, reader] of readers.entries()) {
          // The first picture of each is not counted: its buffers are made then.
          if (page === pages[0]) await reader.read(path)
          const found = await reader.read(path)
          results[at]!.push({ page: page.name, reading: found, errors: score(page.lines, found.lines) })
        }
      }
      return readers.flatMap(({ name }, at) => figures(name, results[at]!))
    } finally {
      for (const reader of readers) reader.close()
      await rm(folder, { recursive: true, force: true })
    }
  },
}

async function startOwn(threads: number): Promise<Reader> {
  const reader = await TextReader.load({ threads })
  return {
    name: 'owl',
    async read(path) {
      const cpu = process.cpuUsage()
      const start = performance.now()
      const { lines } = await reader.read({ path }, path)
      const ms = performance.now() - start
      const { user, system } = process.cpuUsage(cpu)
      return { lines, ms, cpuMs: (user + system) / 1000 }
    },
    close: () => {},
  }
}

function figures(name: string, results: { page: string; reading: Reading; errors: CharacterErrors }[]): Figure[] {
  const share = (of: (page: string) => boolean, spaced = false) => {
    const chosen = results.filter(({ page }) => of(page))
    const sum = (pick: (errors: CharacterErrors) => number) =>
      chosen.reduce((total, { errors }) => total + pick(errors), 0)
    return spaced
      ? (100 * sum((errors) => errors.spacedErrors)) / sum((errors) => errors.spacedCharacters)
      : (100 * sum((errors) => errors.errors)) / sum((errors) => errors.characters)
  }
  const small = (page: string) => /-1[123]-/.test(page)
  const times = results.map(({ reading: { ms } }) => ms)
  return [
    { name: `${name}: wrong, English`, value: share((page) => page.includes('-en-')), unit: '%' },
    { name: `${name}: wrong, Chinese`, value: share((page) => page.includes('-zh-')), unit: '%' },
    { name: `${name}: wrong, 11 to 13 px`, value: share(small), unit: '%' },
    { name: `${name}: wrong, spaces counted`, value: share(() => true, true), unit: '%' },
    { name: `${name}: median of a screen`, value: median(times), unit: 'ms' },
    { name: `${name}: slowest screen`, value: Math.max(...times), unit: 'ms' },
    {
      name: `${name}: processor time, median`,
      value: median(results.map(({ reading: { cpuMs } }) => cpuMs)),
      unit: 'ms',
    },
  ]
}
