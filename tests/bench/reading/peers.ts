import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where peers are installed: ignored by git, never a dependency. */
export const peerFolder = join(import.meta.dirname, '../peers')

/** Installs a package of the npm registry for comparison. @returns whether it is there */
export function installPeer(name: string, version: string): boolean {
  if (existsSync(join(peerFolder, 'node_modules', name))) return true
  try {
    mkdirSync(peerFolder, { recursive: true })
    writeFileSync(join(peerFolder, 'package.json'), '{ "private": true, "type": "module" }\n')
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--no-save', `${name}@${version}`], {
      cwd: peerFolder,
      env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' },
      stdio: 'pipe',
    })
    return true
  } catch (error) {
    console.log(`Left out: ${name} could not be installed (${(error as Error).message.split('\n')[0]}).`)
    return false
  }
}
