import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { installModel } from '../../../native-models/install/install-model.ts'
import type { Message, PictureInput } from '../../../src-main/inference/protocol.ts'

const fixtures = join(import.meta.dirname, '../../fixtures/reference')

/** Installs a reference checkpoint in float32. @returns its folder, and a function that deletes it */
export async function installReference(name: string): Promise<{ folder: string; remove: () => Promise<void> }> {
  const modelsFolder = await mkdtemp(join(tmpdir(), 'owl-models-'))
  const precision = { vision: 'f32', abstractor: 'f32', decoder: 'f32', embedding: 'f32' } as const
  await installModel({ checkpointFolder: join(fixtures, name), modelsFolder, name, precision })
  return { folder: join(modelsFolder, name), remove: () => rm(modelsFolder, { recursive: true, force: true }) }
}

/** A picture of the reference, by its path. */
export async function referencePicture(name: string): Promise<PictureInput> {
  return pictureAt(join(fixtures, 'images', `${name}.png`))
}

export async function pictureAt(path: string): Promise<PictureInput> {
  const hash = createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
  return { hash, name: basename(path), source: { path } }
}

/** A turn of pictures and text, in this order. */
export function turn(role: Message['role'], text: string, ...pictures: PictureInput[]): Message {
  return {
    role,
    parts: [...pictures.map((picture) => ({ type: 'picture' as const, picture })), { type: 'text', text }],
  }
}
