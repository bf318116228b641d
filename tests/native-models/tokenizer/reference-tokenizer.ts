import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Manifest } from '../../../native-models/install/manifest.ts'
import { Tokenizer } from '../../../native-models/tokenizer/tokenizer.ts'
import { importTokenizer } from '../../../native-models/tokenizer/tokenizer-import.ts'

export const referenceNames = ['tiny-32k', 'tiny-512', 'tiny-gqa'] as const
export type ReferenceName = (typeof referenceNames)[number]

/** A string and what the published tokenizer makes of it. */
export interface ReferenceTokens {
  text: string
  /** Of the Hugging Face tokenizer: begin token first where it adds one, special strings parsed. */
  ids: number[]
  /** Of SentencePiece itself: nothing parsed. Absent for a byte-level tokenizer. */
  sentencepiece?: number[]
  decoded: string
}

/** A prompt of the published code. */
export interface ReferenceCase {
  name: string
  turns: string[] | null
  prompt: string
  images: string[]
  /** -200 marks a picture. */
  input_ids: number[]
  greedy: number[]
  text: string
}

export interface ReferenceTokenizer {
  tokenizer: Tokenizer
  prompt: Manifest['prompt']
  tokens: ReferenceTokens[]
  cases: ReferenceCase[]
}

export const referenceFolder = (name: ReferenceName) =>
  fileURLToPath(new URL(`../../fixtures/reference/${name}`, import.meta.url))

export async function loadReference(name: ReferenceName): Promise<ReferenceTokenizer> {
  const expected = new URL(`../../fixtures/reference/expected/${name}/`, import.meta.url)
  const read = async (file: string) => JSON.parse(await readFile(new URL(file, expected), 'utf8'))
  const { json, prompt } = await importTokenizer(referenceFolder(name))
  return {
    tokenizer: Tokenizer.fromJson(json),
    prompt,
    tokens: await read('tokens.json'),
    cases: (await read('index.json')).cases,
  }
}
