import { spawn } from 'node:child_process'
import { type Measure, projectFolder } from './measure.ts'

/** Bytes of everything that a fresh clone has in its folders: what `git archive` packs. */
export const cloneSize: Measure = {
  name: 'clone-size',
  async run() {
    const archive = spawn('git', ['archive', 'HEAD'], { cwd: projectFolder, stdio: ['ignore', 'pipe', 'inherit'] })
    let bytes = 0
    for await (const piece of archive.stdout) bytes += (piece as Buffer).length
    return [{ name: 'fresh clone', value: bytes / 1e6, unit: 'MB' }]
  },
}
