import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * What `npm start`, `npm test` and `owl` do before anything else: dependencies, build, browser.
 * Plain JavaScript, because it runs before any dependency is there.
 */

export const root = fileURLToPath(new URL('..', import.meta.url))

/** Standard output is for what the program itself answers: `owl ask --json` may have to build before. */
const aside = process.stderr.fd

/** Packages bring their own binaries; none of their install scripts may fetch another. */
const quietInstall = { ONNXRUNTIME_NODE_INSTALL: 'skip', ELECTRON_SKIP_BINARY_DOWNLOAD: '1' }

/** Runs a command in the project's folder and ends this process if it fails. */
export function run(command, args, env = {}, output = 'inherit') {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['inherit', output, 'inherit'],
    env: { ...process.env, ...env },
    shell: process.platform === 'win32',
  })
  if (error) console.error(`${command}: ${error.message}`)
  if (status !== 0) process.exit(status ?? 1)
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  console.error(`Owl Desktop needs Node 20.19 or later; this is ${process.versions.node}. Install a current Node.`)
  process.exit(1)
}

/** Installs the packages of package-lock.json unless just these are there already. */
export function installDependencies() {
  checkNode()
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8')
  const mark = join(root, 'node_modules', '.owl-installed')
  if (existsSync(mark) && readFileSync(mark, 'utf8') === lock) return
  console.error('Installing dependencies (once, about half a minute) ...')
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], quietInstall, aside)
  writeFileSync(mark, lock)
}

function newest(path) {
  if (!existsSync(path)) return 0
  const stat = statSync(path)
  if (!stat.isDirectory()) return stat.mtimeMs
  return readdirSync(path).reduce((latest, name) => {
    if (name.startsWith('.') || name === 'training' || name === 'owl-mini') return latest
    return Math.max(latest, newest(join(path, name)))
  }, stat.mtimeMs)
}

/** Builds main, preload and renderer into out/ unless out/ is newer than every source. */
export function buildApp() {
  const sources = ['native-models', 'src-main', 'src-renderer', 'electron.vite.config.ts', 'package-lock.json']
  const mark = join(root, 'out', '.built')
  const latest = Math.max(...sources.map((source) => newest(join(root, source))))
  if (existsSync(mark) && statSync(mark).mtimeMs >= latest) return
  console.error('Building ...')
  run('npm', ['run', '--silent', 'build', '--', '--logLevel', 'warn'], {}, aside)
  writeFileSync(mark, '')
}

/** Path of Electron's binary, fetching it where the network allows; undefined where it cannot be had. */
export function electronBinary() {
  const require = createRequire(import.meta.url)
  const binary = () => {
    try {
      const path = require('electron')
      return existsSync(path) ? path : undefined
    } catch {
      return undefined
    }
  }
  const folder = join(root, 'node_modules', 'electron')
  if (!process.env.ELECTRON_OVERRIDE_DIST_PATH && !existsSync(join(folder, 'path.txt'))) {
    spawnSync(process.execPath, [join(folder, 'install.js')], { stdio: 'ignore', timeout: 120_000 })
    if (!existsSync(join(folder, 'path.txt'))) return undefined
  }
  return binary()
}

/** First of these programs that is on the PATH. */
export function findProgram(...names) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of names) {
      const path = join(folder, name)
      try {
        accessSync(path, constants.X_OK)
        return path
      } catch {
        // not here
      }
    }
  }
  return undefined
}

export const findBrowser = () =>
  findProgram('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge')

/** Chromium and its libraries for tests: installed from Debian's packages where this is Debian and root. */
export function installBrowser() {
  const found = findBrowser()
  if (found) return found
  if (!existsSync('/etc/debian_version') || process.getuid?.() !== 0) {
    console.log('No Chromium found and this is not Debian as root: the tests in a real window are skipped.')
    return undefined
  }
  console.error('Installing Chromium from Debian packages (once) ...')
  const quiet = { DEBIAN_FRONTEND: 'noninteractive' }
  run('apt-get', ['update', '-qq'], quiet)
  run(
    'apt-get',
    ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-dejavu-core', 'fonts-noto-cjk'],
    quiet,
  )
  return findBrowser()
}
