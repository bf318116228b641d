import { execFile, execFileSync } from 'node:child_process'
import { promisify } from 'node:util'
import type { Reader } from '../reading.ts'

const run = promisify(execFile)

/** tesseract of Debian, English and Chinese; its time holds the start of its process, as people run it. */
export async function startTesseract(): Promise<Reader | undefined> {
  if (!isThere() && !install()) return
  return {
    name: 'tesseract',
    async read(path) {
      const start = performance.now()
      // `times` of the shell tells the processor time of what it ran.
      const command = 'tesseract "$0" stdout -l eng+chi_sim --psm 11 tsv 2>/dev/null; echo; times'
      const { stdout } = await run('bash', ['-c', command, path], { maxBuffer: 2 ** 26, encoding: 'utf8' })
      const ms = performance.now() - start
      const [table, usage] = stdout.split(/\n\n/) as [string, string]
      return { ms, cpuMs: childTime(usage), lines: lines(table) }
    },
    close: () => {},
  }
}

function isThere(): boolean {
  try {
    return execFileSync('tesseract', ['--list-langs'], { encoding: 'utf8' }).includes('chi_sim')
  } catch {
    return false
  }
}

function install(): boolean {
  try {
    execFileSync('apt-get', ['install', '-y', '-q', 'tesseract-ocr', 'tesseract-ocr-chi-sim'], { stdio: 'pipe' })
    return true
  } catch {
    console.log('Left out: tesseract is not installed (Debian: tesseract-ocr, tesseract-ocr-chi-sim).')
    return false
  }
}

/** Words of the table, joined to lines. */
function lines(table: string) {
  const found = new Map<string, { text: string; left: number; top: number; right: number; bottom: number }>()
  for (const row of table.split('\n').slice(1)) {
    const [level, page, block, paragraph, line, , left, top, width, height, , text] = row.split('\t')
    if (level !== '5' || !text?.trim()) continue
    const key = [page, block, paragraph, line].join(' ')
    const [x, y, w, h] = [left, top, width, height].map(Number) as [number, number, number, number]
    const before = found.get(key)
    if (!before) found.set(key, { text, left: x, top: y, right: x + w, bottom: y + h })
    else {
      before.text += ` ${text}`
      before.left = Math.min(before.left, x)
      before.top = Math.min(before.top, y)
      before.right = Math.max(before.right, x + w)
      before.bottom = Math.max(before.bottom, y + h)
    }
  }
  return [...found.values()].map(({ text, left, top, right, bottom }) => ({
    text,
    box: { left, top, width: right - left, height: bottom - top },
  }))
}

/** Milliseconds of the second line of `times`: user and system, as 0m1.234s. */
function childTime(usage: string): number {
  const [, children = ''] = usage.trim().split('\n')
  return [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + 1000 * (60 * Number(minutes) + Number(seconds)),
    0,
  )
}
