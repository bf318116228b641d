import { decode, encode } from '@msgpack/msgpack'
import type { WebSocket } from 'ws'
import { z } from 'zod'
import { OwlError } from '../../native-models/owl-error.ts'
import type { Assistant } from '../core/assistant.ts'
import { WindowSession } from './window-session.ts'

/** A picture of the largest size that is taken, and some room around it. */
export const maxFrameBytes = 66 * 2 ** 20

/** What a frame may hold, so that a short hostile one cannot claim much memory. */
const limits = { maxArrayLength: 10_000, maxMapLength: 1000, maxExtLength: 0 }

const invalidPayload = 1007
const requestSchema = z.object({ id: z.number().int().nonnegative(), call: z.string(), input: z.unknown().optional() })

/**
 * Carries the contract over a WebSocket. Frames are MessagePack: `{ id, call, input }` from the window,
 * `{ id, output }`, `{ id, error }` and `{ event, payload }` to it. Bytes travel as they are.
 */
export function serveWindowOverWebSocket(socket: WebSocket, assistant: Assistant): void {
  const send = (message: object) => {
    if (socket.readyState === socket.OPEN) socket.send(encode(message, { ignoreUndefined: true }))
  }
  const session = new WindowSession(assistant, 'browser', (event, payload) => send({ event, payload }))

  socket.on('message', async (data: Buffer, isBinary) => {
    const request = isBinary ? parseRequest(data) : undefined
    if (!request) {
      socket.close(invalidPayload, 'not a request')
      return
    }
    const { id, call, input } = request
    try {
      send({ id, output: await session.call(call, input) })
    } catch (thrown) {
      send({ id, error: OwlError.from(thrown).toMessage() })
    }
  })
  // A frame that breaks the protocol or the size limit: ws closes the socket with the right code by itself.
  socket.on('error', () => {})
  socket.on('close', () => session.close())
}

function parseRequest(data: Buffer): z.output<typeof requestSchema> | undefined {
  try {
    return requestSchema.parse(decode(data, limits))
  } catch {
    return undefined
  }
}
