import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import { openCheckpoint } from '../checkpoint/open-checkpoint.ts'
import { checkWeights, expectedWeights } from '../mplug-owl2/checkpoint-keys.ts'
import { type OwlConfig, readConfig } from '../mplug-owl2/config.ts'
import { OwlError } from '../owl-error.ts'
import { type ImportedTokenizer, importTokenizer } from '../tokenizer/tokenizer-import.ts'
import type { Manifest } from './manifest.ts'
import { readPictureSettings } from './picture-settings.ts'

/** Everything that an installation takes from a checkpoint folder. */
export interface SourceCheckpoint {
  config: OwlConfig
  picture: Manifest['picture']
  tokenizer: ImportedTokenizer
  /** Open; to be closed. It has every weight that the config calls for. */
  checkpoint: Checkpoint
}

/**
 * Reads and checks a checkpoint folder, before anything is written.
 * @throws OwlError of the checkpoint, config, weights and tokenizer kinds
 */
export async function openSource(folder: string): Promise<SourceCheckpoint> {
  const configJson = await readJson(folder, 'config.json')
  if (configJson === undefined) throw new OwlError('checkpoint-not-found', `${folder} has no config.json.`)
  const config = readConfig(configJson)
  const picture = readPictureSettings(
    (await readJson(folder, 'preprocessor_config.json')) ?? {},
    config.vision.imageSize,
  )
  const tokenizer = await importTokenizer(folder)
  checkTokens(tokenizer, config)
  const checkpoint = await openCheckpoint(folder)
  try {
    await checkFormats(checkpoint, config)
    checkWeights(checkpoint, config)
  } catch (error) {
    await checkpoint.close()
    throw error
  }
  return { config, picture, tokenizer, checkpoint }
}

async function readJson(folder: string, name: string): Promise<unknown> {
  const text = await readFile(join(folder, name), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw new OwlError('checkpoint-not-found', `${name} in ${folder} cannot be read (${error.code}).`, { cause: error })
  })
  if (text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch (error) {
    const message = `${name} is not JSON: ${(error as Error).message}.`
    throw new OwlError('checkpoint-damaged', message, { cause: error })
  }
}

/** A weight in a format that is not read, such as int8, is not among the weights; reading it tells its format. */
async function checkFormats(checkpoint: Checkpoint, config: OwlConfig): Promise<void> {
  for (const name of expectedWeights(config).keys()) {
    if (checkpoint.weights.has(name)) continue
    await checkpoint.read(name).catch((error: OwlError) => {
      if (error.code === 'checkpoint-unsupported-format') throw error
    })
  }
}

/** Tokens that begin and end an answer have to be ones that the decoder knows. */
function checkTokens({ prompt }: ImportedTokenizer, { decoder }: OwlConfig): void {
  const unknown = [...prompt.beginTokens, ...prompt.stopTokens].find((id) => id >= decoder.vocabulary)
  if (unknown === undefined) return
  const message = `The tokenizer uses token ${unknown}, but the decoder knows ${decoder.vocabulary} tokens only.`
  throw new OwlError('tokenizer-unsupported', message, { hint: 'Use the tokenizer that belongs to the weights.' })
}
