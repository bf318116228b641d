#!/usr/bin/env node
import { build } from 'electron-builder'
import configuration from './electron-builder.mjs'
import { drawIcon } from './icon.mjs'
import { buildApp, installDependencies, root } from './setup.mjs'

// `npm run package`: installers for this platform, in dist/. `npm run package -- --dir`: the unpacked app alone.
installDependencies()
buildApp()
await drawIcon()
await build({ projectDir: root, config: configuration, dir: process.argv.includes('--dir'), publish: 'never' })
