import { decode, encode } from '@msgpack/msgpack'
import { UrlSource } from 'mediabunny'
import { FrameReader, VideoError } from './frame-reader.ts'

/**
 * A page without a person: reads frames for the process that serves it, as the terminal has no decoder of its own. It
 * asks `next` what to do, one thing after the other, and posts what came out to `done`. See main's browser-video.ts.
 */
type Work = { id: number } & (
  | { kind: 'open'; name: string }
  | { kind: 'frames' | 'smalls'; times: number[] }
  | { kind: 'close' }
)

let reader: FrameReader | undefined

async function perform(work: Exclude<Work, { kind: 'close' }>): Promise<unknown> {
  if (work.kind === 'open') {
    reader = await FrameReader.open(new UrlSource(new URL('video', location.href).href), work.name)
    return reader.info
  }
  const found: unknown[] = []
  if (work.kind === 'smalls') for await (const frame of reader!.smalls(work.times)) found.push(frame)
  else {
    for await (const { time, jpeg } of reader!.frames(work.times)) {
      found.push({ time, bytes: new Uint8Array(await jpeg.arrayBuffer()) })
    }
  }
  return found
}

async function workForServer(): Promise<void> {
  for (;;) {
    const response = await fetch('next', { cache: 'no-store' })
    const work = decode(await response.arrayBuffer()) as Work
    if (work.kind === 'close') return
    const outcome = await perform(work).then(
      (result) => ({ result }),
      (thrown: unknown) => ({ error: toError(thrown) }),
    )
    await fetch('done', {
      method: 'POST',
      body: encode({ id: work.id, ...outcome }, { ignoreUndefined: true }) as BodyInit,
    })
  }
}

function toError(thrown: unknown): { code: string; message: string } {
  if (thrown instanceof VideoError) return { code: thrown.code, message: thrown.message }
  return { code: 'video-unreadable', message: thrown instanceof Error ? thrown.message : String(thrown) }
}

void workForServer()
