#!/usr/bin/env node
import { buildApp, installDependencies } from './setup.mjs'

// `owl`: the same core without windows. In a source tree it builds itself first.
installDependencies()
buildApp()
await import('../out/main/cli.js')
