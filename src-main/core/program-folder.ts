import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * The folder that holds the program's package.json: the source tree, a built tree, or a packaged app's archive.
 * Found by walking up, since a bundled module may lie deeper or less deep than its source.
 */
export const programFolder = findProgramFolder(dirname(fileURLToPath(import.meta.url)))

function findProgramFolder(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder
  const parent = dirname(folder)
  if (parent === folder) throw new Error('The program folder has no package.json.')
  return findProgramFolder(parent)
}

/** The model that comes with the program. Its files are read by native code, which cannot look into an archive. */
export const embeddedModelFolder = join(
  programFolder.replace(/app\.asar$/, 'app.asar.unpacked'),
  'native-models',
  'owl-mini',
)

/** Entry of the inference process: built, or the source where the program runs from source. */
export const inferenceEntry = import.meta.url.endsWith('.ts')
  ? join(programFolder, 'src-main', 'inference', 'inference-process.ts')
  : join(programFolder, 'out', 'main', 'inference-process.js')

/** The built window. */
export const rendererFolder = join(programFolder, 'out', 'renderer')

/** True where the sources are beside the program, so that tests and benchmarks can be run. */
export const isSourceTree = existsSync(join(programFolder, 'tests', 'bench', 'run.ts'))
