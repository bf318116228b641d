import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { extractAll, listPackage } from '@electron/asar'
import { build } from 'electron-builder'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import configuration from '../../build/electron-builder.mjs'
import { drawIcon } from '../../build/icon.mjs'

const root = join(import.meta.dirname, '../..')
const isLinux = process.platform === 'linux'
if (!isLinux) console.log('Skipped: the packaging test has a stand-in for Electron on Linux only.')

/**
 * The unpacked app that electron-builder makes, around a stand-in for Electron's program, whose binary cannot be had
 * everywhere. What it holds is run with plain Node.
 */
describe.skipIf(!isLinux)('the packaged app', () => {
  const folder = mkdtempSync(join(tmpdir(), 'owl-package-'))
  const resources = join(folder, 'dist/linux-unpacked/resources')
  const archive = join(resources, 'app.asar')
  const unpacked = join(resources, 'app.asar.unpacked')

  beforeAll(async () => {
    if (!existsSync(join(root, 'out/main/cli.js'))) throw new Error('out/ is missing: run `npm run build` first.')
    const standIn = join(folder, 'electron')
    mkdirSync(join(standIn, 'resources'), { recursive: true })
    writeFileSync(join(standIn, 'electron'), '#!/bin/sh\n')
    chmodSync(join(standIn, 'electron'), 0o755)
    await drawIcon()
    await build({
      projectDir: root,
      dir: true,
      publish: 'never',
      config: {
        ...configuration,
        electronDist: standIn,
        // Fuses are bits of the real program.
        electronFuses: null,
        directories: { ...configuration.directories, output: join(folder, 'dist') },
      },
    })
  }, 300_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('keeps weights and native parts outside of the archive, and those of this platform only', () => {
    const files = listFiles(unpacked)
    for (const part of ['onnxruntime_binding.node', 'libonnxruntime.so', 'sharp-linux', 'sqlite.glibc.node']) {
      expect(files.some((file) => file.includes(part))).toBe(true)
    }
    expect(files.some((file) => file.endsWith('owl-mini/modality-adaptive-decoder.weights.0'))).toBe(true)
    const natives = files.filter((file) => /\.(node|dll|dylib)$|\.so(\.|$)/.test(file))
    expect(natives.filter((file) => /darwin|win32|\.dll$|\.dylib$/.test(file))).toEqual([])
  })

  it('holds the program and nothing of its making', () => {
    const files = listPackage(archive, { isPack: false })
    for (const file of ['/package.json', '/LICENSE', '/NOTICE', '/out/main/index.js', '/out/renderer/index.html']) {
      expect(files).toContain(file)
    }
    expect(files.filter((file) => /^\/(tests|src-|native-models\/(training|owl-mini\/evaluation))/.test(file))).toEqual(
      [],
    )
  })

  it('comes with the licences of all that it holds', () => {
    const files = listPackage(archive, { isPack: false })
    const notice = readFileSync(join(unpacked, 'NOTICE'), 'utf8')
    const bundled = readFileSync(join(unpacked, 'out/renderer/licenses.md'), 'utf8')
    for (const name of ['react', 'katex', 'highlight.js', 'mediabunny']) expect(bundled).toMatch(`## ${name} - `)
    for (const licence of ['LGPL-3.0', 'GPL-3.0', 'OFL-1.1', 'MIT'])
      expect(existsSync(join(unpacked, `build/licences/${licence}.txt`))).toBe(true)
    const packages = files.flatMap(
      (file) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/package\.json$)/.exec(file) ?? [],
    )
    expect(packages.length).toBeGreaterThan(20)
    const silent = packages.filter(
      (path) =>
        !files.some((file) => file.startsWith(path) && /^\/[^/]*(licen[cs]e|copying)/i.test(file.slice(path.length))),
    )
    const names = silent.map((path) => path.replace(/^.*node_modules\//, '').replace(/^(@img\/sharp-libvips)-.*/, '$1'))
    expect(names.filter((name) => !notice.includes(name))).toEqual([])
  })

  it('answers: its natives load and its model is whole', () => {
    const app = join(folder, 'app')
    extractAll(archive, app)
    const picture = join(root, 'tests/fixtures/reference/images/landscape.png')
    const question = ['ask', picture, 'What is this?', '--json', '--max-tokens', '8']
    const answer = JSON.parse(
      execFileSync(process.execPath, [join(app, 'out/main/cli.js'), ...question], {
        encoding: 'utf8',
        env: { ...process.env, OWL_DATA_DIR: join(folder, 'data') },
      }),
    )
    expect(answer.stats.tokens).toBeGreaterThan(0)
    const size = (path: string) => `${(bytesOf(path) / 1e6).toFixed(0)} MB`
    console.log(
      `Without Electron: archive ${size(archive)}, model ${size(join(unpacked, 'native-models'))}, ` +
        `native parts ${size(join(unpacked, 'node_modules'))}`,
    )
  }, 120_000)
})

function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

function bytesOf(path: string): number {
  if (!statSync(path).isDirectory()) return statSync(path).size
  return listFiles(path).reduce((sum, file) => sum + statSync(file).size, 0)
}
