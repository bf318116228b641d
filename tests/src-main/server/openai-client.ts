import { once } from 'node:events'
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: string
  // biome-ignore lint/suspicious/noExplicitAny: a test looks at what came over the wire
  json: any
}

/** A program that asks, over plain http: `fetch` would not let a test choose Host, nor leave in the middle. */
export class OpenAiClient {
  readonly port: number
  readonly #key: string

  constructor(port: number, key: string) {
    this.port = port
    this.#key = key
  }

  /** Sends a request and waits for the head of its answer. */
  async open(method: string, path: string, body = '', headers: Record<string, string> = {}): Promise<IncomingMessage> {
    const sent = request({
      host: '127.0.0.1',
      port: this.port,
      path,
      method,
      headers: { Authorization: `Bearer ${this.#key}`, ...headers },
    })
    sent.end(body)
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    return response
  }

  async send(method: string, path: string, body = '', headers: Record<string, string> = {}): Promise<Answer> {
    const response = await this.open(method, path, body, headers)
    const answer = await text(response)
    const isJson = response.headers['content-type']?.startsWith('application/json')
    return {
      status: response.statusCode!,
      headers: response.headers,
      body: answer,
      json: isJson ? JSON.parse(answer) : undefined,
    }
  }

  get(path: string, headers: Record<string, string> = {}) {
    return this.send('GET', path, '', headers)
  }

  chat(body: object) {
    return this.send('POST', '/v1/chat/completions', JSON.stringify(body))
  }

  /** The chunks of a streamed answer; its end mark is checked and left out. */
  async chatChunks(body: object) {
    const { headers, body: answer } = await this.chat({ ...body, stream: true })
    const events = answer.split('\n\n')
    if (events.pop() !== '' || events.pop() !== 'data: [DONE]') throw new Error(`The stream has no end: ${answer}`)
    return { headers, chunks: events.map((event) => JSON.parse(event.replace(/^data: /, ''))) }
  }
}
