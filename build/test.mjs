#!/usr/bin/env node
import { buildApp, installBrowser, installDependencies, run } from './setup.mjs'

// `npm test`: everything, on a fresh clone too. Extra words go to vitest: `npm test -- tests/parity`.
const filters = process.argv.slice(2)

installDependencies()
run('npm', ['run', '--silent', 'check'])
buildApp()
run('npx', ['vitest', 'run', ...filters])
if (filters.length === 0 && installBrowser()) run('npx', ['playwright', 'test', '-c', 'tests/desktop'])
