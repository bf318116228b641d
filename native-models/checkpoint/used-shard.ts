import { readFile, rm, stat } from 'node:fs/promises'
import { z } from 'zod'
import { writeWhole } from '../whole-file.ts'
import type { WeightInfo } from './checkpoint.ts'

const suffix = '.used.json'

const usedShardSchema = z.object({
  bytes: z.number().int().nonnegative(),
  mtimeMs: z.number(),
  weights: z.array(
    z.object({
      name: z.string(),
      type: z.enum(['F32', 'F16', 'BF16']),
      shape: z.array(z.number().int().nonnegative()),
    }),
  ),
})
/** What is known of a weight file that was deleted once all its weights had been converted. */
export type UsedShard = z.infer<typeof usedShardSchema>

export function isUsedNote(name: string): boolean {
  return name.endsWith(suffix)
}

/** The weight file that a note is about. */
export function shardOfNote(name: string): string {
  return name.slice(0, -suffix.length)
}

/**
 * Deletes a weight file and leaves a note of what was in it, by which a conversion that is stopped can continue: the
 * checkpoint still has these weights, only not their values.
 */
export async function deleteUsed(path: string, weights: readonly WeightInfo[]): Promise<void> {
  const { size, mtimeMs } = await stat(path)
  const note: UsedShard = {
    bytes: size,
    mtimeMs,
    weights: weights.map(({ name, type, shape }) => ({ name, type, shape: [...shape] })),
  }
  await writeWhole(`${path}${suffix}`, JSON.stringify(note))
  await rm(path)
}

/** The note left of a weight file; undefined where there is none that can be read. */
export async function readUsedShard(path: string): Promise<UsedShard | undefined> {
  try {
    return usedShardSchema.parse(JSON.parse(await readFile(`${path}${suffix}`, 'utf8')))
  } catch {
    return undefined
  }
}
