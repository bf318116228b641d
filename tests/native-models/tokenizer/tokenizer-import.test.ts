import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { buildPrompt } from '../../../native-models/mplug-owl2/prompt.ts'
import { Tokenizer } from '../../../native-models/tokenizer/tokenizer.ts'
import { importTokenizer } from '../../../native-models/tokenizer/tokenizer-import.ts'
import { type ReferenceName, referenceFolder } from './reference-tokenizer.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'owl-tokenizer-'))
})
afterEach(() => rm(folder, { recursive: true }))

const textFiles = [
  'tokenizer.model',
  'tokenizer.json',
  'tokenizer_config.json',
  'generation_config.json',
  'config.json',
]
const weights = /\.(bin|safetensors)$/
const copy = (name: ReferenceName) =>
  cp(referenceFolder(name), folder, { recursive: true, filter: (source) => !weights.test(source) })
const writeJson = (file: string, content: unknown) => writeFile(join(folder, file), JSON.stringify(content))
const readJson = async (file: string) => JSON.parse(await readFile(join(folder, file), 'utf8'))

describe('importTokenizer', () => {
  it('takes the form of mPLUG-Owl2 where there is no template', async () => {
    const { json, prompt } = await importTokenizer(referenceFolder('tiny-512'))
    expect(prompt).toEqual({ form: 'mplug-owl2', beginTokens: [1], stopTokens: [2] })
    expect(Object.keys(json.model.vocab)).toHaveLength(512)
  })

  it('takes a tokenizer.json as it is, with the template of tokenizer_config.json', async () => {
    const { json, prompt } = await importTokenizer(referenceFolder('tiny-gqa'))
    expect(json).toEqual(JSON.parse(await readFile(join(referenceFolder('tiny-gqa'), 'tokenizer.json'), 'utf8')))
    expect(prompt).toMatchObject({ form: 'chat-template', beginTokens: [], stopTokens: [2] })
    expect(prompt.chatTemplate).toMatch(/^{% for message in messages %}/)
  })

  it('survives the way through a file', async () => {
    const { json } = await importTokenizer(referenceFolder('tiny-32k'))
    await writeJson('tokenizer.json', json)
    const tokenizer = await Tokenizer.load(join(folder, 'tokenizer.json'))
    expect(tokenizer.encodePlain('Hello world')).toEqual([15043, 3186])
  })

  it('prefers chat_template.jinja, and sets the token names that it uses', async () => {
    await copy('tiny-512')
    await writeFile(join(folder, 'chat_template.jinja'), '{{ bos_token }}{{ messages[0].content }}')
    const { prompt } = await importTokenizer(folder)
    expect(prompt.chatTemplate).toBe('{% set bos_token = "<s>" %}{{ bos_token }}{{ messages[0].content }}')
    expect(prompt.beginTokens).toEqual([])
  })

  it('takes the default one of several templates', async () => {
    await copy('tiny-512')
    const config = await readJson('tokenizer_config.json')
    const templates = [
      { name: 'tool_use', template: 'tools' },
      { name: 'default', template: 'plain' },
    ]
    await writeJson('tokenizer_config.json', { ...config, chat_template: templates })
    expect((await importTokenizer(folder)).prompt.chatTemplate).toBe('plain')
  })

  // Expected ids: LlamaTokenizer of transformers 4.31 with `legacy` set both ways.
  it.each([
    [undefined, [3148, 1001, 29901, 263, 2, 3148, 1001, 29901, 274, 2]],
    [true, [3148, 1001, 29901, 263, 2, 3148, 1001, 29901, 274, 2]],
    [false, [3148, 1001, 29901, 263, 2, 3308, 1001, 29901, 274, 2]],
  ])('begins text after a control token as `legacy` says: %s', async (legacy, expected) => {
    await copy('tiny-32k')
    await writeJson('tokenizer_config.json', { ...(await readJson('tokenizer_config.json')), legacy })
    const { json, prompt } = await importTokenizer(folder)
    const tokenizer = Tokenizer.fromJson(json)
    expect(tokenizer.encode('USER: a</s>USER: c</s>')).toEqual(expected)
    const turn = (role: 'user' | 'assistant', text: string) => ({ role, parts: [{ type: 'text' as const, text }] })
    const segments = buildPrompt([turn('user', 'a'), turn('assistant', 'b'), turn('user', 'c')], prompt, tokenizer)
    const ids = segments.flatMap((segment) => (segment.kind === 'text' ? segment.ids : []))
    expect(ids[ids.indexOf(2) + 1]).toBe(expected[5])
    expect(ids.slice(0, 3)).toEqual([1, 3148, 1001])
  })

  it('collects every stop token once', async () => {
    await copy('tiny-gqa')
    await writeJson('generation_config.json', { eos_token_id: [2, 0] })
    expect((await importTokenizer(folder)).prompt.stopTokens).toEqual([2, 0])
  })

  it('adds no begin token where the checkpoint says so', async () => {
    await copy('tiny-512')
    await writeJson('tokenizer_config.json', { ...(await readJson('tokenizer_config.json')), add_bos_token: false })
    expect((await importTokenizer(folder)).prompt.beginTokens).toEqual([])
  })

  it('reads tokens that were added beside the SentencePiece model, in both forms', async () => {
    await copy('tiny-512')
    const config = await readJson('tokenizer_config.json')
    await writeJson('added_tokens.json', { '<old>': 512 })
    await writeJson('tokenizer_config.json', {
      ...config,
      eos_token: { content: '<|end|>' },
      added_tokens_decoder: { 2: { content: '</s>', special: true }, 513: { content: '<|end|>', special: false } },
    })
    await rm(join(folder, 'generation_config.json'))
    const { json, prompt } = await importTokenizer(folder)
    const tokenizer = Tokenizer.fromJson(json)
    expect(prompt.stopTokens).toEqual([513, 2])
    // Named as the end token, it is a control token, though it is not listed as one.
    expect(tokenizer.encode('<|end|>')).toEqual([513])
    expect(tokenizer.encodePlain('<|end|>')).not.toContain(513)
    expect(tokenizer.encodePlain('<old>')).toEqual([512])
    expect(json.added_tokens.map((token) => token.id)).toEqual([0, 1, 2, 513, 512])
  })

  it('refuses a folder without a tokenizer', async () => {
    await copy('tiny-512')
    await rm(join(folder, 'tokenizer.model'))
    await expect(importTokenizer(folder)).rejects.toMatchObject({
      code: 'tokenizer-unsupported',
      message: expect.stringContaining('neither a tokenizer.json nor a tokenizer.model'),
    })
  })

  it('refuses a checkpoint that does not say how an answer ends', async () => {
    await copy('tiny-512')
    for (const file of textFiles.slice(2)) await writeJson(file, {})
    await expect(importTokenizer(folder)).rejects.toMatchObject({ code: 'tokenizer-unsupported' })
  })

  it('refuses damaged files by name', async () => {
    await copy('tiny-512')
    await writeFile(join(folder, 'tokenizer_config.json'), '{"bos_token": ')
    await expect(importTokenizer(folder)).rejects.toMatchObject({
      code: 'checkpoint-damaged',
      message: expect.stringContaining('tokenizer_config.json'),
    })
  })
})
