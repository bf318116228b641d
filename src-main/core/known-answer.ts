import { createHash } from 'node:crypto'
import sharp from 'sharp'
import type { JobOptions } from '../../native-models/progress.ts'
import { InferenceClient } from '../inference/client.ts'
import type { ProcessHost } from '../inference/process-host.ts'
import { greedy } from '../inference/protocol.ts'

const question = 'What is in the picture?'
/** A few show whether all three graphs compute what they did; more would only take longer. */
const answerTokens = 8

/**
 * What a model answers to a fixed question about a fixed picture, in a process of its own. The same files on the same
 * machine always give the same; it is kept at installation and asked again when the model is verified.
 * @throws OwlError as loading and asking do
 */
export async function knownAnswer(host: ProcessHost, folder: string, job: JobOptions = {}): Promise<string> {
  const client = new InferenceClient({ host, unresponsiveAfterMs: 600_000 })
  try {
    await client.load({ folder, device: 'cpu', threads: 0 }, job)
    const picture = { hash: '', name: 'check.png', source: { bytes: await checkPicture() } }
    picture.hash = createHash('sha256').update(picture.source.bytes).digest('hex')
    const { text } = await client.generate(
      {
        messages: [
          {
            role: 'user',
            parts: [
              { type: 'picture', picture },
              { type: 'text', text: question },
            ],
          },
        ],
        sampling: { ...greedy, maxTokens: answerTokens },
      },
      job,
    )
    return text
  } finally {
    await client.close()
  }
}

/** Colours that change in both directions, so that a transposed or shifted picture is another one. */
async function checkPicture(): Promise<Uint8Array> {
  const [width, height] = [96, 64]
  const pixels = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const [x, y, channel] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width), i % 3]
    return channel === 0 ? (x * 255) / width : channel === 1 ? (y * 255) / height : ((x ^ y) * 2) & 255
  })
  return new Uint8Array(
    await sharp(pixels, { raw: { width, height, channels: 3 } })
      .png()
      .toBuffer(),
  )
}
