import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { OwlError } from '../../native-models/owl-error.ts'
import type { Assistant } from '../core/assistant.ts'
import type { GenerateOptions } from '../inference/client.ts'
import type { GenerationResult } from '../inference/protocol.ts'
import { toModelMessages } from './chat-messages.ts'
import { type ChatRequest, readChatRequest, samplingOf } from './chat-request.ts'
import type { ModelTurns } from './model-turns.ts'
import { Refusal, sendJson } from './refusal.ts'

export type Asked = Pick<Assistant, 'models' | 'library'>

/**
 * Answers `POST /v1/chat/completions`, whole or as a stream. Nothing of it is kept. A program that goes away has its
 * answer stopped.
 * @throws Refusal, OwlError as long as nothing was sent; what goes wrong later is told in the stream
 */
export async function completeChat(asked: Asked, turns: ModelTurns, body: unknown, response: ServerResponse) {
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  const request = readChatRequest(body)
  const model = await chosenModel(asked, request.model)
  const messages = await toModelMessages(request.messages)
  const answer = (options: GenerateOptions) =>
    turns.take(model, gone.signal, () =>
      asked.models.generate({ messages, sampling: samplingOf(request) }, { ...options, signal: gone.signal }),
    )
  const head = { id: `chatcmpl-${randomUUID()}`, created: Math.floor(Date.now() / 1000), model }
  if (request.stream) await stream(request, head, answer, response)
  else sendJson(response, 200, whole(head, await answer({})))
}

interface Head {
  id: string
  created: number
  model: string
}

/** The name that was asked for; where there is none, that of the model in use. */
async function chosenModel({ models, library }: Asked, wanted: ChatRequest['model']): Promise<string> {
  const inUse = models.state.state === 'none' ? undefined : models.state.name
  const name = wanted || inUse || (await library.defaultName())
  const installed = (await library.list()).map((model) => model.name)
  if (installed.includes(name)) return name
  throw new Refusal(404, 'model-not-found', `There is no installed model named ${JSON.stringify(name)}.`, {
    hint: `Installed: ${installed.join(', ') || 'none'}.`,
    param: 'model',
    publicCode: 'model_not_found',
  })
}

function whole(head: Head, result: GenerationResult) {
  const message = { role: 'assistant', content: result.text, refusal: null }
  return {
    ...head,
    object: 'chat.completion',
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishReason(result) }],
    usage: usage(result),
  }
}

/**
 * Sends an answer as it is written. The stream begins with the first sign of work, so that what is refused before has a
 * status of its own.
 */
async function stream(
  request: ChatRequest,
  head: Head,
  answer: (options: GenerateOptions) => Promise<GenerationResult>,
  response: ServerResponse,
): Promise<void> {
  const withUsage = request.stream_options?.include_usage === true
  const send = (data: unknown) => response.write(`data: ${JSON.stringify(data)}\n\n`)
  const sendChunk = (choices: unknown[], used: object | null = null) =>
    send({ ...head, object: 'chat.completion.chunk', choices, ...(withUsage ? { usage: used } : {}) })
  const sendDelta = (delta: object, reason: string | null = null) =>
    sendChunk([{ index: 0, delta, logprobs: null, finish_reason: reason }])
  const begin = () => {
    if (response.headersSent) return
    response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8', 'X-Accel-Buffering': 'no' })
    sendDelta({ role: 'assistant', content: '' })
  }
  const onText = (text: string) => {
    begin()
    sendDelta({ content: text })
  }
  try {
    const result = await answer({ onText, onProgress: begin })
    begin()
    sendDelta({}, finishReason(result))
    if (withUsage) sendChunk([], usage(result))
    response.end('data: [DONE]\n\n')
  } catch (thrown) {
    if (!response.headersSent) throw thrown
    send(Refusal.of(thrown).toBody())
    response.end()
  }
}

/** @throws OwlError `cancelled` for an answer that something else than its end has cut short */
function finishReason({ finish }: GenerationResult): 'stop' | 'length' {
  if (finish === 'cancelled') throw new OwlError('cancelled', 'The answer was stopped.', { hint: 'Ask once more.' })
  return finish === 'length' ? 'length' : 'stop'
}

/** Visual rows count among the tokens of the prompt, as they take the same room. */
function usage({ stats }: GenerationResult) {
  return {
    prompt_tokens: stats.promptRows,
    completion_tokens: stats.tokens,
    total_tokens: stats.promptRows + stats.tokens,
    prompt_tokens_details: { cached_tokens: stats.cachedRows },
  }
}
