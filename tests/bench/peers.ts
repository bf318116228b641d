import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Programs that we measure against, and models for them. Not under version control, not among our dependencies. */
export const peersFolder = join(import.meta.dirname, 'peers')

const version = '3.22.1'

/** Module of node-llama-cpp, installed if it is not there; its ready-made binary for the processor only. */
export async function llamaCppModule(): Promise<string> {
  const module = join(peersFolder, 'node_modules/node-llama-cpp/dist/index.js')
  if (existsSync(module)) return module
  await mkdir(peersFolder, { recursive: true })
  await writeFile(join(peersFolder, 'package.json'), '{"private":true}\n')
  const { platform, arch } = process
  const binary = `@node-llama-cpp/${platform === 'win32' ? 'win' : platform === 'darwin' ? 'mac' : 'linux'}-${arch}`
  execFileSync(
    'npm',
    [
      ...['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
      ...['--omit', 'optional', `node-llama-cpp@${version}`, `${binary}@${version}`],
    ],
    { cwd: peersFolder, stdio: 'inherit', shell: platform === 'win32' },
  )
  return module
}
