import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, expect, test, vi } from 'vitest'
import { plainText } from '../../../native-models/text-reader/reading-order.ts'
import { pictureFromBytes, pictureFromFile } from '../../../src-main/core/pictures.ts'
import { Reading } from '../../../src-main/core/reading.ts'
import { ForkHost } from '../../../src-main/inference/fork-host.ts'
import type { InferenceProcess } from '../../../src-main/inference/process-host.ts'
import type { Command } from '../../../src-main/inference/protocol.ts'
import { Database } from '../../../src-main/storage/database.ts'
import { PictureTexts } from '../../../src-main/storage/picture-texts.ts'
import { temporaryFolder } from '../../native-models/checkpoint/temporary-folder.ts'

const pictures = 'native-models/owl-mini/evaluation/held-out/pictures'

/** Real processes; what is sent to them is written down. */
class WatchedHost extends ForkHost {
  readonly sent: Command[] = []
  process: InferenceProcess | undefined

  override start(): InferenceProcess {
    const started = super.start()
    this.process = {
      ...started,
      send: (command) => {
        this.sent.push(command)
        started.send(command)
      },
    }
    return this.process
  }
}

const host = new WatchedHost()
const reading = new Reading({ host })
afterAll(() => reading.close())

/** A picture that no other test has asked for. */
async function newPicture(tint: string) {
  const bytes = await sharp(join(pictures, '0001.png')).tint(tint).png().toBuffer()
  return pictureFromBytes('dialog.png', bytes)
}

test('a picture is read once, however often and by how many it is asked for', async () => {
  const picture = await pictureFromFile(join(pictures, '0001.png'))
  const [one, two] = await Promise.all([reading.read(picture), reading.read(picture)])
  const three = await reading.read(picture)
  expect(plainText(one.lines)).toBe('Oblige\nUpload failed.\nEndorse  Back  Apply')
  expect([two, three]).toEqual([one, one])
  expect(host.sent.filter(({ type }) => type === 'read')).toHaveLength(1)
})

test('what was read is kept in the database and found by its search', async () => {
  const database = await Database.open(join(await temporaryFolder(), 'owl.sqlite'))
  try {
    const picture = await pictureFromFile(join(pictures, '0001.png'))
    const first = new Reading({ host: new ForkHost(), database: async () => database })
    const read = await first.read(picture)
    await first.close()
    expect(await new Reading({ host: new ForkHost(), database: async () => database }).known(picture.hash)).toEqual(
      read,
    )
    expect(new PictureTexts(database).get(picture.hash)).toContain('Upload failed.')
  } finally {
    database.close()
  }
})

test('an answer gets what is read in time', async () => {
  const picture = await newPicture('#ffd0d0')
  await reading.read(picture)
  const [read] = await reading.readForAnswer([picture])
  expect(read?.text?.lines.map(({ text }) => text)).toContain('Upload failed.')
})

test('an answer goes on without a text that is late, and it is read on', async () => {
  // Far more than a second's work.
  const rows = Array.from({ length: 16 }, (_, at) => ({
    input: join(pictures, '0001.png'),
    left: (at % 4) * 460,
    top: Math.floor(at / 4) * 460,
  }))
  const bytes = await sharp({ create: { width: 1840, height: 1840, channels: 3, background: '#fff' } })
    .composite(rows)
    .png()
    .toBuffer()
  const slow = await pictureFromBytes('many.png', bytes)
  const start = performance.now()
  const [late] = await reading.readForAnswer([slow])
  if (late?.missing) {
    expect(late).toMatchObject({ text: undefined, missing: 'late' })
    expect(performance.now() - start).toBeLessThan(5000)
  }
  const { lines } = await reading.read(slow)
  expect(lines.length).toBeGreaterThan(75)
})

test('an answer waits as long as the picture was being read before, and a second more', async () => {
  vi.useFakeTimers()
  // A reader that has hung.
  const silent = { pid: undefined, send() {}, onReply() {}, kill() {}, exited: new Promise<string>(() => {}) }
  const hung = new Reading({ host: { start: () => silent } })
  const picture = (hash: string) => ({ hash, name: `${hash}.png`, source: { bytes: new Uint8Array() } })
  const waitFor = async (...hashes: string[]) => {
    const start = performance.now()
    const answer = hung.readForAnswer(hashes.map(picture)).then((readings) => ({
      ms: Math.round(performance.now() - start),
      missing: readings.map(({ missing }) => missing),
    }))
    await vi.advanceTimersByTimeAsync(60_000)
    return answer
  }
  try {
    hung.begin(picture('first'))
    hung.begin(picture('second'))
    await vi.advanceTimersByTimeAsync(700)
    // Of the second, nothing was read before; the longest counts.
    expect(await waitFor('first', 'second')).toEqual({ ms: 1700, missing: ['late', 'late'] })
    expect(await waitFor('second')).toEqual({ ms: 1000, missing: ['late'] })
    expect(await waitFor('third')).toEqual({ ms: 1000, missing: ['late'] })
  } finally {
    vi.useRealTimers()
  }
})

test('a picture that cannot be read is no error of the answer', async () => {
  const bytes = (await sharp(join(pictures, '0001.png')).png().toBuffer()).subarray(0, 400)
  const damaged = { hash: 'f'.repeat(64), name: 'damaged.png', source: { bytes } }
  expect(await reading.readForAnswer([damaged])).toEqual([{ picture: damaged, text: undefined, missing: 'failed' }])
})

test('a lost process fails what it was reading; the next picture starts it again', async () => {
  const lost = reading.read(await newPicture('#d0ffd0'))
  host.process!.kill()
  await expect(lost).rejects.toMatchObject({ code: 'reader-lost' })
  expect((await reading.read(await newPicture('#d0d0ff'))).lines).toHaveLength(5)
})

test('reading stops when all who asked have stopped', async () => {
  const stop = new AbortController()
  const picture = await newPicture('#ffffd0')
  const stopped = reading.read(picture, { signal: stop.signal })
  await vi.waitFor(() => expect(host.sent.at(-1)).toMatchObject({ type: 'read', picture: { hash: picture.hash } }))
  stop.abort()
  await expect(stopped).rejects.toMatchObject({ code: 'cancelled' })
  expect(host.sent.at(-1)?.type).toBe('cancel')
  expect((await reading.read(picture)).lines).toHaveLength(5)
})

test('frames that say the same are told once', async () => {
  const picture = await pictureFromFile(join(pictures, '0001.png'))
  const other = await pictureFromFile(join(pictures, '0002.png'))
  const frames = [picture, picture, other].map((picture, seconds) => ({ seconds, picture }))
  const texts = await reading.readFrames(frames)
  expect(texts.map(({ frame }) => frame.seconds)).toEqual([0, 2])
  expect(texts[0]?.text).toBe(await reading.plain(picture))
})
