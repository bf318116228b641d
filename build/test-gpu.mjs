#!/usr/bin/env node
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { mesaDriver } from './mesa-driver.mjs'
import { installBrowser, installDependencies, run } from './setup.mjs'

// `npm run test:gpu`: the graphs for a GPU, all of them, on a driver that computes on the processor. With
// OWL_TEST_GPU=real they run on this computer's own GPU, with OWL_TEST_GPU=swiftshader on Chromium's slower driver,
// which has whole floats only. Extra words go to vitest.

/** The Debian mirror that this machine uses already, by its lists of sources. */
function debianMirror() {
  const folder = '/etc/apt/sources.list.d'
  const lists = ['/etc/apt/sources.list', ...readdirSync(folder).map((name) => join(folder, name))]
  for (const list of lists.filter((path) => existsSync(path))) {
    const [, mirror] = /^(?:URIs:|deb(?: \[[^\]]*\])?)\s+(\S+\/debian)\/?\s/m.exec(readFileSync(list, 'utf8')) ?? []
    if (mirror) return mirror
  }
  return undefined
}

/** Mesa of Debian 12 is too old for WebGPU; its backports have a newer one. Where that fails, Chromium brings a driver. */
function installDriver() {
  if (process.env.OWL_TEST_GPU === 'swiftshader') return installBrowser()
  if (mesaDriver() || process.env.OWL_TEST_GPU === 'real') return
  if (!existsSync('/etc/debian_version') || process.getuid?.() !== 0) {
    console.log('No software Vulkan driver found and this is not Debian as root: the tests on a GPU are skipped.')
    return
  }
  console.log('Installing a software Vulkan driver from Debian backports (once) ...')
  const quiet = { DEBIAN_FRONTEND: 'noninteractive' }
  const mirror = debianMirror()
  if (mirror) writeFileSync('/etc/apt/sources.list.d/backports.list', `deb ${mirror} bookworm-backports main\n`)
  const packages = [
    'install',
    '-y',
    '-qq',
    '--no-install-recommends',
    '-t',
    'bookworm-backports',
    'mesa-vulkan-drivers',
  ]
  run('sh', ['-c', `apt-get update -qq && apt-get ${packages.join(' ')} || true`], quiet)
  if (!mesaDriver()) installBrowser()
}

installDependencies()
installDriver()
const which = process.env.OWL_TEST_GPU ?? 'software'
run('npx', ['vitest', 'run', 'tests/gpu', ...process.argv.slice(2)], { OWL_TEST_GPU: which })
