import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Reader, Reading } from '../reading.ts'
import { installPeer, peerFolder } from './peers.ts'

/** Reads a path a line and answers with a JSON line; a process of its own, as it brings another onnxruntime. */
const program = `
import Ocr from '@gutenye/ocr-node'
import { createInterface } from 'node:readline'
const ocr = await Ocr.create()
console.log('ready')
for await (const path of createInterface({ input: process.stdin })) {
  const cpu = process.cpuUsage()
  const start = performance.now()
  const found = await ocr.detect(path)
  const ms = performance.now() - start
  const { user, system } = process.cpuUsage(cpu)
  const lines = (found.texts ?? found).map(({ text, box }) => ({ text, box }))
  console.log(JSON.stringify({ ms, cpuMs: (user + system) / 1000, lines }))
}`

type Corner = [number, number]

/** `@gutenye/ocr-node`, with its own settings. */
export async function startOcrNode(): Promise<Reader | undefined> {
  if (!installPeer('@gutenye/ocr-node', '1.4.8') || !existsSync(join(peerFolder, 'package.json'))) return
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: peerFolder,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const first = await answers.next()
  if (first.done) {
    console.log('Left out: @gutenye/ocr-node does not start.')
    return
  }
  return {
    name: 'ocr-node',
    async read(path): Promise<Reading> {
      child.stdin.write(`${path}\n`)
      const { value } = await answers.next()
      const { ms, cpuMs, lines } = JSON.parse(value) as Omit<Reading, 'lines'> & {
        lines: { text: string; box: Corner[] }[]
      }
      return { ms, cpuMs, lines: lines.map(({ text, box }) => ({ text, box: around(box) })) }
    },
    close: () => child.kill(),
  }
}

function around(corners: readonly Corner[]) {
  const xs = corners.map(([x]) => x)
  const ys = corners.map(([, y]) => y)
  const left = Math.min(...xs)
  const top = Math.min(...ys)
  return { left, top, width: Math.max(...xs) - left, height: Math.max(...ys) - top }
}
