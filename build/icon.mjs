import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { root } from './setup.mjs'

/** Draws the app's icon, from which electron-builder makes those of each platform. */
export async function drawIcon() {
  const folder = join(root, 'dist/resources')
  await mkdir(folder, { recursive: true })
  const drawing = await readFile(join(root, 'src-renderer/app/icon.svg'))
  await sharp(drawing, { density: 2304 }).resize(1024, 1024).png().toFile(join(folder, 'icon.png'))
}
