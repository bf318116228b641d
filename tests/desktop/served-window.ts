import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '../..')
export const embeddedModel = resolve(root, 'native-models/owl-mini')
export const embeddedModelIsThere = existsSync(resolve(embeddedModel, 'manifest.json'))
const command = resolve(root, 'out/main/cli.js')

/** Installs a checkpoint into a data folder, with the built command. */
export function installModel(dataFolder: string, checkpoint: string, name: string): void {
  checkBuilt()
  execFileSync(process.execPath, [command, 'models', 'add', checkpoint, '--name', name], {
    env: { ...process.env, OWL_DATA_DIR: dataFolder },
    stdio: 'pipe',
  })
}

/** `owl serve` as a process of its own. */
export interface ServedWindow {
  /** With the token. */
  address: string
  process: ChildProcess
  stop(): Promise<void>
}

/** @param model the default one when left out */
export async function serveWindow(options: {
  dataFolder: string
  model?: string
  port?: number
  environment?: Record<string, string>
}): Promise<ServedWindow> {
  checkBuilt()
  const { dataFolder, model, port = 0, environment } = options
  const words = ['serve', '--port', String(port), ...(model ? ['--model', model] : [])]
  const served = spawn(process.execPath, [command, ...words], {
    env: { ...process.env, ...environment, OWL_DATA_DIR: dataFolder },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const address = await new Promise<string>((resolve, reject) => {
    let printed = ''
    served.once('error', reject)
    served.once('exit', (code) => reject(new Error(`owl serve ended with ${code}: ${printed}`)))
    served.stdout.on('data', (piece: Buffer) => {
      printed += piece
      const found = /http:\S+/.exec(printed)
      if (found) resolve(found[0])
    })
  })
  return {
    address,
    process: served,
    async stop() {
      if (served.exitCode !== null || served.signalCode !== null) return
      served.kill('SIGTERM')
      await once(served, 'exit')
    },
  }
}

function checkBuilt(): void {
  if (!existsSync(command)) throw new Error('out/ is missing: run `npm run build` first.')
}
