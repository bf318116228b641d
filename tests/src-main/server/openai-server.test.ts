import { readFile, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { installModel } from '../../../native-models/install/install-model.ts'
import { Assistant } from '../../../src-main/core/assistant.ts'
import type { DataFolder } from '../../../src-main/core/data-folder.ts'
import type { Listening } from '../../../src-main/core/local-server.ts'
import { ForkHost } from '../../../src-main/inference/fork-host.ts'
import { greedy } from '../../../src-main/inference/protocol.ts'
import { startOpenAiServer } from '../../../src-main/server/openai-server.ts'
import { referencePicture, turn } from '../inference/installed-reference.ts'
import { tinyDataFolder, tinyModel } from '../tiny-model.ts'
import { OpenAiClient } from './openai-client.ts'

const key = 'owl-test-key'
const otherModel = 'tiny-gqa'
/** So that an answer is the same whether or not its prompt is in a cache. */
const exact = { vision: 'f32', abstractor: 'f32', decoder: 'f32', embedding: 'f32' } as const
const dataUrl = async (name: string) =>
  `data:image/png;base64,${(await readFile(`tests/fixtures/reference/images/${name}.png`)).toString('base64')}`
const [landscape, small] = await Promise.all([dataUrl('landscape'), dataUrl('small')])

let folder: DataFolder
let assistant: Assistant
let server: Listening
let client: OpenAiClient
beforeAll(async () => {
  folder = await tinyDataFolder(exact)
  const checkpointFolder = `tests/fixtures/reference/${otherModel}`
  await installModel({ checkpointFolder, modelsFolder: folder.models, name: otherModel, precision: exact })
  assistant = new Assistant({ host: new ForkHost(), folder, device: 'cpu' })
  await assistant.models.load(tinyModel)
  server = await startOpenAiServer({ assistant, port: 0, key: async () => key, maxBodyBytes: 2 ** 20 })
  client = new OpenAiClient(server.port, key)
})
afterAll(async () => {
  await server?.close()
  await assistant?.close()
  await rm(folder?.root ?? '', { recursive: true, force: true })
})

const user = (content: unknown) => ({ role: 'user', content })
const picture = (url: string) => ({ type: 'image_url', image_url: { url } })
const words = (text: string) => ({ type: 'text', text })
const question = { model: tinyModel, max_tokens: 12, messages: [user('How many days are in a week?')] }

describe('who is answered', () => {
  it.each([
    ['no key', { Authorization: '' }],
    ['a wrong key', { Authorization: 'Bearer owl-wrong' }],
    ['a key that is longer', { Authorization: `Bearer ${key}x` }],
    ['the key in another scheme', { Authorization: `Basic ${key}` }],
  ])('refuses %s, whatever is asked', async (_, headers) => {
    for (const path of ['/v1/models', '/v1/chat/completions', '/', '/v1/unheard']) {
      const { status, json, headers: answered } = await client.get(path, headers)
      expect(status).toBe(401)
      expect(json.error).toMatchObject({ type: 'invalid_request_error', code: 'invalid_api_key', param: null })
      expect(answered['www-authenticate']).toBe('Bearer')
    }
  })

  it.each(['example.org', '127.0.0.1.example.org', '0.0.0.0', '192.168.0.2:11535'])(
    'refuses the host name %j, also with the key',
    async (name) => {
      expect((await client.get('/v1/models', { Host: name })).status).toBe(403)
    },
  )

  it('takes loopback names, and lets no page on the web read what it says', async () => {
    for (const name of [`127.0.0.1:${server.port}`, 'localhost:9000']) {
      const { status, headers } = await client.get('/v1/models', { Host: name, Origin: 'https://example.org' })
      expect(status).toBe(200)
      expect(Object.keys(headers).filter((header) => header.startsWith('access-control'))).toEqual([])
    }
    const asksFirst = await client.send('OPTIONS', '/v1/models', '', {
      Authorization: '',
      Origin: 'https://example.org',
    })
    expect(asksFirst.status).toBe(401)
  })
})

describe('models', () => {
  it('lists those that are installed, and shows one', async () => {
    const { json } = await client.get('/v1/models')
    expect(json).toMatchObject({ object: 'list' })
    expect(json.data.map(({ id }: { id: string }) => id)).toEqual(expect.arrayContaining([tinyModel, otherModel]))
    const one = await client.get(`/v1/models/${tinyModel}`)
    expect(one.json).toEqual({ id: tinyModel, object: 'model', created: expect.any(Number), owned_by: 'owl-desktop' })
    expect(one.json.created).toBeGreaterThan(1.6e9)
    const none = await client.get('/v1/models/gpt')
    expect(none).toMatchObject({ status: 404, json: { error: { code: 'model_not_found' } } })
  })

  it('has nothing at other addresses, and takes each method where it belongs', async () => {
    expect((await client.get('/v1/embeddings')).status).toBe(404)
    expect((await client.get('/%ff')).status).toBe(400)
    const wrong = await client.get('/v1/chat/completions')
    expect(wrong).toMatchObject({ status: 405, headers: { allow: 'POST' } })
  })
})

describe('an answer', () => {
  it('is what the engine says, with its counts', async () => {
    const { status, json } = await client.chat(question)
    const messages = [turn('user', 'How many days are in a week?')]
    const { text, stats } = await assistant.models.generate({ messages, sampling: { ...greedy, maxTokens: 12 } })
    expect(status).toBe(200)
    expect(json).toMatchObject({
      id: expect.stringMatching(/^chatcmpl-/),
      object: 'chat.completion',
      model: tinyModel,
      choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'length' }],
      usage: {
        prompt_tokens: stats.promptRows,
        completion_tokens: 12,
        total_tokens: stats.promptRows + 12,
      },
    })
    expect(text).not.toBe('')
  })

  it('is the same as a stream', async () => {
    const whole = (await client.chat(question)).json
    const { headers, chunks } = await client.chatChunks({ ...question, stream_options: { include_usage: true } })
    expect(headers['content-type']).toMatch(/^text\/event-stream/)
    const choices = chunks.slice(0, -1).map(({ choices }) => choices[0])
    expect(choices[0]).toMatchObject({ delta: { role: 'assistant', content: '' }, finish_reason: null })
    expect(choices.map(({ delta }) => delta.content ?? '').join('')).toBe(whole.choices[0].message.content)
    expect(choices.at(-1)).toMatchObject({ delta: {}, finish_reason: whole.choices[0].finish_reason })
    const { prompt_tokens, completion_tokens } = whole.usage
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens, completion_tokens } })
    expect(new Set(chunks.map(({ id, object, model }) => `${id} ${object} ${model}`)).size).toBe(1)
    expect(chunks[0].object).toBe('chat.completion.chunk')
    const { chunks: plain } = await client.chatChunks(question)
    expect(plain.some((chunk) => 'usage' in chunk)).toBe(false)
  })

  it('sees pictures as the window has the engine see them: before the text', async () => {
    const content = [words('What differs?'), picture(landscape), picture(small)]
    const { json } = await client.chat({ ...question, messages: [user(content)] })
    const pictures = [await referencePicture('landscape'), await referencePicture('small')]
    const { text, stats } = await assistant.models.generate({
      messages: [turn('user', 'What differs?', ...pictures)],
      sampling: { ...greedy, maxTokens: 12 },
    })
    expect(json.choices[0].message.content).toBe(text)
    expect(json.usage.prompt_tokens).toBe(stats.promptRows)
    expect(stats.visualRows).toBeGreaterThan(2)
  })

  it('follows instructions, what was said before and the options of a request', async () => {
    const { json } = await client.chat({
      max_completion_tokens: 9,
      max_tokens: 200,
      temperature: 0.8,
      top_p: 0.9,
      seed: 7,
      n: 1,
      tools: [],
      response_format: { type: 'text' },
      unheard: true,
      messages: [
        { role: 'system', content: 'Be brief.' },
        user('Hello.'),
        { role: 'assistant', content: [words('Good day.')] },
        { role: 'developer', content: 'No jokes.' },
        user([words('One'), words('two')]),
      ],
    })
    const { text } = await assistant.models.generate({
      messages: [
        turn('system', 'Be brief.\n\nNo jokes.'),
        turn('user', 'Hello.'),
        turn('assistant', 'Good day.'),
        turn('user', 'One\ntwo'),
      ],
      sampling: { ...greedy, maxTokens: 9, temperature: 0.8, topP: 0.9, seed: 7 },
    })
    expect(json.choices[0].message.content).toBe(text)
    expect(json.model).toBe(tinyModel)
  })

  it('ends before a stop text', async () => {
    const all: string = (await client.chat(question)).json.choices[0].message.content
    const stop = all.slice(3, 6)
    const { json } = await client.chat({ ...question, stop })
    expect(json.choices[0]).toMatchObject({
      message: { content: all.slice(0, all.indexOf(stop)) },
      finish_reason: 'stop',
    })
  })

  it('comes to several programs at once', async () => {
    const texts = ['One?', 'Two?', 'Three?', 'Four?']
    const ask = (text: string) => client.chat({ ...question, messages: [user(text)] })
    const together = await Promise.all(texts.map(ask))
    for (const [at, text] of texts.entries()) {
      expect((await ask(text)).json.choices).toEqual(together[at]!.json.choices)
    }
  })

  it('has another model loaded once all answers under way are done, those of the window too', async () => {
    const sampling = { ...greedy, temperature: 1, seed: 1, maxTokens: 200 }
    const ofWindow = assistant.models.generate({ messages: [turn('user', 'Tell me a story.')], sampling })
    const bodies = [question, { ...question, model: otherModel }]
    const answers = await Promise.all(bodies.map((body) => client.chat(body)))
    expect(answers.map(({ status, json }) => [status, json.model])).toEqual([
      [200, tinyModel],
      [200, otherModel],
    ])
    expect((await ofWindow).finish).not.toBe('cancelled')
    const { json } = await client.chat({ ...question, model: undefined })
    expect(json.model).toBe(assistant.models.loaded?.name)
    await assistant.models.load(tinyModel)
  })

  it('is stopped when the program leaves, and the engine is free', async () => {
    const generate = vi.spyOn(assistant.models, 'generate')
    const body = { ...question, max_tokens: 450, temperature: 1, seed: 1, stream: true }
    const leaving = await client.open('POST', '/v1/chat/completions', JSON.stringify(body))
    await new Promise((resolve) => leaving.once('data', resolve))
    leaving.destroy()
    const left = await generate.mock.results.at(-1)!.value
    expect(left.finish).toBe('cancelled')
    await assistant.models.whenFree()
    expect((await client.chat(question)).status).toBe(200)
    generate.mockRestore()
  })
})

describe('what is refused', () => {
  const refused = async (body: object, status: number, error: object) =>
    expect(await client.chat({ ...question, ...body })).toMatchObject({ status, json: { error } })

  it('a model that is not installed, with those that are', () =>
    refused({ model: 'gpt-4o' }, 404, {
      code: 'model_not_found',
      param: 'model',
      message: expect.stringMatching(new RegExp(`"gpt-4o".*${tinyModel}`)),
    }))

  it.each([
    'https://example.org/a.png',
    'http://127.0.0.1:1/a.png',
    'file:///etc/passwd',
    'data:image/png,abc',
    'a.png',
  ])('a picture at %s: nothing is ever fetched', (url) =>
    refused({ messages: [user([picture(small), picture(url)])] }, 400, {
      code: 'request-invalid',
      param: 'messages[0].content[1].image_url.url',
      message: expect.stringContaining('nothing is ever fetched'),
    }),
  )

  it('bytes that are no picture', () =>
    refused({ messages: [user([picture('data:image/png;base64,bm90IG9uZQ==')])] }, 400, {
      code: expect.stringMatching(/^picture-/),
      param: 'messages[0].content[0].image_url.url',
    }))

  it.each([
    ['tools', { tools: [{ type: 'function', function: { name: 'f' } }] }],
    ['response_format.type', { response_format: { type: 'json_schema', json_schema: {} } }],
    ['n', { n: 2 }],
    ['modalities[1]', { modalities: ['text', 'audio'] }],
    ['logprobs', { logprobs: true }],
    ['presence_penalty', { presence_penalty: 0.5 }],
    ['temperature', { temperature: 3 }],
    ['max_tokens', { max_tokens: 0 }],
    ['messages', { messages: [] }],
    ['messages', { messages: [{ role: 'system', content: 'Hello.' }] }],
    ['messages[0].role', { messages: [{ role: 'tool', content: '1' }] }],
    ['messages[0].content[0].type', { messages: [user([{ type: 'input_audio', input_audio: {} }])] }],
    ['messages[1].content[0].type', { messages: [user('a'), { role: 'assistant', content: [picture(small)] }] }],
  ])('%s that cannot be had', async (param, body) => {
    await refused(body, 400, { type: 'invalid_request_error', code: 'request-invalid', param })
    const { json } = await client.chat({ ...question, ...body })
    expect(json.error.message).not.toMatch(/Invalid input/)
  })

  it('a conversation that the model cannot hold, also as a stream', async () => {
    const messages = [user('a long question '.repeat(400))]
    await refused({ messages }, 400, { code: 'context_length_exceeded' })
    await refused({ messages, stream: true }, 400, { code: 'context_length_exceeded' })
  })

  it('what is no JSON, and what is too large', async () => {
    const path = '/v1/chat/completions'
    expect(await client.send('POST', path, '{"messages": [')).toMatchObject({ status: 400 })
    expect(await client.send('POST', path, 'null')).toMatchObject({ status: 400 })
    expect(await client.send('POST', path, ' '.repeat(2 ** 20 + 1))).toMatchObject({ status: 413 })
    const inPieces = request({
      host: '127.0.0.1',
      port: server.port,
      path,
      method: 'POST',
      headers: { Authorization: `Bearer ${key}` },
    })
    const answered = new Promise<number>((resolve) => {
      inPieces.once('response', ({ statusCode }) => resolve(statusCode!))
    })
    for (let piece = 0; piece < 5; piece++) inPieces.write(Buffer.alloc(2 ** 18, ' '))
    expect(await answered).toBe(413)
    inPieces.destroy()
    expect((await client.chat(question)).status).toBe(200)
  })
})
