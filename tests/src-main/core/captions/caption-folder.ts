import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import sharp from 'sharp'

/** A small picture that no other number gives. */
export async function numberedPicture(n: number): Promise<Buffer> {
  const background = { r: (n * 37) % 256, g: (n * 91) % 256, b: (n * 53) % 256 }
  return sharp({ create: { width: 8 + (n % 5), height: 8, channels: 3, background } })
    .png()
    .toBuffer()
}

/** Writes files into a folder, with the folders they lie in. */
export async function writeFiles(folder: string, files: Record<string, Uint8Array | string>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), content)
  }
}

/** Content of every file of a folder that is no picture, by its path in it: captions, tables, and what must not be left. */
export async function captionsIn(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || /\.(png|jpg)$/.test(entry.name)) continue
    const path = join(entry.parentPath, entry.name)
    found[relative(folder, path)] = await readFile(path, 'utf8')
  }
  return Object.fromEntries(Object.entries(found).sort())
}
