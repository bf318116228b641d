import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Manifest } from '../install/manifest.ts'
import { OwlError } from '../owl-error.ts'
import { convertSentencePiece } from './sentencepiece-conversion.ts'
import { readSentencePieceModel } from './sentencepiece-model.ts'
import { Tokenizer } from './tokenizer.ts'
import type { AddedTokenJson, TokenizerJson } from './tokenizer-json.ts'

/** What an installed model needs to know about its text. */
export interface ImportedTokenizer {
  /** Content of tokenizer.json. */
  json: TokenizerJson
  prompt: Manifest['prompt']
}

/** A token in tokenizer_config.json: its name, or an object with it. */
type TokenName = string | { content: string } | null | undefined

interface TokenizerConfig {
  bos_token?: TokenName
  eos_token?: TokenName
  add_bos_token?: boolean
  legacy?: boolean
  additional_special_tokens?: TokenName[]
  added_tokens_decoder?: Record<string, Omit<AddedTokenJson, 'id'>>
  chat_template?: string | { name: string; template: string }[]
}

/** The ids in generation_config.json and config.json. */
interface TokenIds {
  bos_token_id?: number | null
  eos_token_id?: number | number[] | null
}

/**
 * Reads the tokenizer of a checkpoint folder: `tokenizer.json` as it is, or else the SentencePiece
 * `tokenizer.model`, and with it the prompt: the `chat_template` where there is one, or the form of mPLUG-Owl2.
 * @throws OwlError `tokenizer-unsupported` where there is no tokenizer or one of another kind, `checkpoint-damaged`
 */
export async function importTokenizer(checkpointFolder: string): Promise<ImportedTokenizer> {
  const tokenizerConfig = (await readJson<TokenizerConfig>(join(checkpointFolder, 'tokenizer_config.json'))) ?? {}
  const ids: TokenIds = {
    ...(await readJson<TokenIds>(join(checkpointFolder, 'config.json'))),
    ...(await readJson<TokenIds>(join(checkpointFolder, 'generation_config.json'))),
  }
  const eosIds = [ids.eos_token_id ?? []].flat()
  const json = markSpecial(await readTokenizer(checkpointFolder, tokenizerConfig), tokenizerConfig, eosIds)
  const tokenizer = Tokenizer.fromJson(json)
  const idOf = (name: TokenName) => tokenizer.controlId(nameOf(name) ?? '')

  const stopTokens = [...new Set([idOf(tokenizerConfig.eos_token), ...eosIds])].filter((id) => id !== undefined)
  if (stopTokens.length === 0) {
    throw new OwlError('tokenizer-unsupported', `${checkpointFolder} does not say which token ends an answer.`)
  }
  const chatTemplate = await readChatTemplate(checkpointFolder, tokenizerConfig)
  if (chatTemplate !== undefined) {
    const prompt = { chatTemplate: withTokenNames(chatTemplate, tokenizerConfig), beginTokens: [], stopTokens }
    return { json, prompt: { form: 'chat-template', ...prompt } }
  }
  const bos = idOf(tokenizerConfig.bos_token) ?? ids.bos_token_id ?? undefined
  const beginTokens = bos === undefined || tokenizerConfig.add_bos_token === false ? [] : [bos]
  return { json, prompt: { form: 'mplug-owl2', beginTokens, stopTokens } }
}

async function readTokenizer(folder: string, config: TokenizerConfig): Promise<TokenizerJson> {
  const json = await readJson<TokenizerJson>(join(folder, 'tokenizer.json'))
  if (json) return json
  const file = join(folder, 'tokenizer.model')
  if (!existsSync(file)) {
    throw new OwlError('tokenizer-unsupported', `${folder} has neither a tokenizer.json nor a tokenizer.model.`)
  }
  const converted = convertSentencePiece(readSentencePieceModel(await readFile(file), file), file, config)
  // Tokens that were added beside the model stand in tokenizer_config.json, or in a file of their own in older ones.
  const added = (await readJson<Record<string, number>>(join(folder, 'added_tokens.json'))) ?? {}
  const listed = Object.entries(config.added_tokens_decoder ?? {}).map(([id, token]) => ({ ...token, id: Number(id) }))
  const old = Object.entries(added).map(([content, id]) => ({ content, id, special: false, normalized: false }))
  const known = new Set(converted.added_tokens.map((token) => token.id))
  for (const token of [...listed, ...old]) {
    if (!known.has(token.id)) converted.added_tokens.push(token)
    known.add(token.id)
  }
  return converted
}

/** Added tokens that begin or end something are control tokens, whatever tokenizer.json says of them. */
function markSpecial(json: TokenizerJson, config: TokenizerConfig, eosIds: readonly number[]): TokenizerJson {
  const named = [config.bos_token, config.eos_token, ...(config.additional_special_tokens ?? [])].map(nameOf)
  const isControl = (token: AddedTokenJson) => named.includes(token.content) || eosIds.includes(token.id)
  const added = (json.added_tokens ?? []).map((token) => (isControl(token) ? { ...token, special: true } : token))
  return { ...json, added_tokens: added }
}

async function readChatTemplate(folder: string, config: TokenizerConfig): Promise<string | undefined> {
  const file = join(folder, 'chat_template.jinja')
  if (existsSync(file)) return readFile(file, 'utf8')
  if (typeof config.chat_template === 'string') return config.chat_template
  return config.chat_template?.find((entry) => entry.name === 'default')?.template
}

/** A template may use the names of the begin and end tokens as variables: they are set in front of it. */
function withTokenNames(template: string, config: TokenizerConfig): string {
  const names = Object.entries({ bos_token: nameOf(config.bos_token), eos_token: nameOf(config.eos_token) })
  const used = names.filter(([variable]) => new RegExp(`\\b${variable}\\b`).test(template))
  return used.map(([variable, name]) => `{% set ${variable} = ${JSON.stringify(name ?? '')} %}`).join('') + template
}

function nameOf(token: TokenName): string | undefined {
  return typeof token === 'string' ? token : token?.content
}

async function readJson<Content>(file: string): Promise<Content | undefined> {
  if (!existsSync(file)) return undefined
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Content
  } catch (cause) {
    throw new OwlError('checkpoint-damaged', `${file} is not valid JSON.`, { cause })
  }
}
