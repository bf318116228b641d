import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'

/** Largest resident memory of a process until its end, threads included; 0 where the system does not tell (not Linux). */
export async function peakMemory(child: ChildProcess): Promise<number> {
  let peak = 0
  const look = setInterval(async () => {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '')
    peak = Math.max(peak, 1024 * Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0))
  }, 200)
  await once(child, 'exit')
  clearInterval(look)
  return peak
}
