import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { z } from 'zod'
import { OwlError } from '../owl-error.ts'
import { parseJsonObject } from './strict-json.ts'

/** The index of a 7B model takes some 100 kB. */
const largestIndex = 100_000_000

const indexSchema = z.object({ weight_map: z.record(z.string(), z.string()) })

/**
 * Reads `*.index.json` of a checkpoint in several files.
 * @returns for each weight the name of the file that holds it, which lies beside the index
 * @throws OwlError `checkpoint-damaged`, `checkpoint-unsafe-path`
 */
export async function readShardIndex(path: string): Promise<Map<string, string>> {
  const { size } = await stat(path)
  if (size > largestIndex) throw new OwlError('checkpoint-damaged', `${path} has ${size} bytes, too many for an index.`)
  const { data: index, error } = indexSchema.safeParse(parseJsonObject(await readFile(path, 'utf8'), basename(path)))
  if (!index) throw new OwlError('checkpoint-damaged', `${path} is not an index: ${z.prettifyError(error)}.`)
  const files = new Map(Object.entries(index.weight_map))
  for (const [weight, file] of files) {
    if (!/^[^/\\:\0]+$/.test(file) || file === '.' || file === '..') {
      const message = `${basename(path)} looks for ${weight} in ${JSON.stringify(file)}, outside the checkpoint's folder.`
      throw new OwlError('checkpoint-unsafe-path', message)
    }
  }
  return files
}
