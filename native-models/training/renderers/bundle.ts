/**
 * Writes a folder that draws shards on a Linux machine without Node, packages, fonts or a network, such as a rented
 * one with a GPU: this Node, the renderer in one file, the packages that it loads and the fonts of `fonts.ts`. There:
 * `cp -r FOLDER/fonts /usr/share/fonts/owl`, then `FOLDER/node FOLDER/render.js --out ...` as `render.ts` is called.
 *
 * Usage: npx tsx native-models/training/renderers/bundle.ts --out FOLDER
 */
import { execFileSync } from 'node:child_process'
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'
import { Command } from 'commander'
import { build } from 'vite'
import { fontFamilies } from './fonts.ts'

const { out } = new Command('bundle')
  .requiredOption('--out <folder>', 'folder to write')
  .parse()
  .opts<{ out: string }>()
const require = createRequire(import.meta.url)
const project = join(import.meta.dirname, '../../..')
const modules = join(project, 'node_modules')

/** A package and those that it needs, as far as they are installed: binaries for other machines are not. */
function withNeeded(name: string, found = new Set<string>()): Set<string> {
  if (found.has(name) || !existsSync(join(modules, name))) return found
  found.add(name)
  const { dependencies, optionalDependencies } = require(join(modules, name, 'package.json'))
  for (const needed of Object.keys({ ...dependencies, ...optionalDependencies })) withNeeded(needed, found)
  return found
}

/** The files of a family's regular and bold faces. In fontconfig's patterns a hyphen begins a size. */
function fontFiles(family: string): string[] {
  return ['Regular', 'Bold'].map((style) =>
    execFileSync('fc-match', ['-f', '%{file}', `${family.replaceAll('-', '\\-')}:style=${style}`], {
      encoding: 'utf8',
    }),
  )
}

await build({
  configFile: false,
  logLevel: 'warn',
  build: { ssr: join(import.meta.dirname, 'render.ts'), outDir: out, emptyOutDir: true, copyPublicDir: false },
})
copyFileSync(process.execPath, join(out, 'node'))
copyFileSync(join(import.meta.dirname, 'words.txt'), join(out, 'words.txt'))
const { devDependencies } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'))
const icons = Object.keys(devDependencies).filter((name) => name.startsWith('@iconify-json/'))
const packages = new Set<string>()
for (const name of ['@napi-rs/canvas', '@resvg/resvg-js', 'commander', 'unicode-emoji-json', ...icons])
  withNeeded(name, packages)
for (const name of packages)
  cpSync(join(modules, name), join(out, 'node_modules', name), { recursive: true, dereference: true })
mkdirSync(join(out, 'fonts'))
const families = new Set((['train', 'test'] as const).flatMap((split) => fontFamilies(split).display))
for (const file of new Set([...families].flatMap(fontFiles))) copyFileSync(file, join(out, 'fonts', basename(file)))
console.log(`${out}: ${packages.size} packages, ${families.size} font families. Pack it with tar and xz.`)
