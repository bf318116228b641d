#!/usr/bin/env node
import { spawn } from 'node:child_process'
import { buildApp, electronBinary, installDependencies, root } from './setup.mjs'

// `npm start`: the app in Electron where its binary can be had, else in a browser window.
installDependencies()
buildApp()

const headless = process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY
const electron = headless ? undefined : electronBinary()
const args = process.argv.slice(2)

function startBrowserShell() {
  if (headless) {
    console.log(
      'No display here: open the address below in a browser (over an SSH tunnel if need be), or use the terminal:',
    )
    console.log('  npx owl ask picture.png "What does the dialog say?"      npx owl --help\n')
  } else {
    console.log("Electron's binary cannot be had here, so the app opens in the browser.")
  }
  return spawn(process.execPath, ['out/main/cli.js', 'serve', ...(headless ? [] : ['--open']), ...args], {
    cwd: root,
    stdio: 'inherit',
  })
}

const child = electron ? spawn(electron, ['.', ...args], { cwd: root, stdio: 'inherit' }) : startBrowserShell()
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
