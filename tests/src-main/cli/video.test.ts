import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { Videos } from '../../../src-main/core/videos/videos.ts'
import { temporaryFolder } from '../../native-models/checkpoint/temporary-folder.ts'
import { tinyDataFolder, tinyModel } from '../tiny-model.ts'
import { owl } from './owl.ts'

const isThere = await new Videos().canOpen()
if (!isThere) console.log('Skipped: there is no browser with the built window, and no ffmpeg.')

const clip = (name: string) => `tests/fixtures/videos/${name}`

it.skipIf(!isThere)('owl video answers about frames of a clip, and keeps them', { timeout: 200_000 }, async () => {
  const environment = { OWL_DATA_DIR: (await tinyDataFolder()).root, OWL_MODEL: tinyModel }
  const folder = join(await temporaryFolder(), 'frames')
  const words = ['video', clip('h264.mp4'), 'What happens?', '--frames', '4', '-n', '6', '--save-frames', folder]
  const { code, stdout } = await owl([...words, '--json'], environment)
  expect(code).toBe(0)
  const answer = JSON.parse(stdout)
  expect(answer.frames).toEqual([0.5, 1.5, 2.5, 3.5])
  expect(answer.video).toMatchObject({ width: 160, height: 120 })
  expect(answer.stats.visualRows % 4).toBe(0)
  expect(await readdir(folder)).toHaveLength(4)
  expect(await owl(words, environment)).toMatchObject({ code: 0, stdout: `${answer.text}\n` })
})

it.skipIf(!isThere)(
  'owl video --text tells what is written, and when, without any model',
  { timeout: 200_000 },
  async () => {
    const environment = { OWL_DATA_DIR: await temporaryFolder(), OWL_MODEL: 'none-of-this-name' }
    const plain = await owl(['video', clip('text.mp4'), '--text'], environment)
    expect(plain).toEqual({ code: 0, stdout: '== 0:00\nUpload failed.\n== 0:02\nTry again later\n', stderr: '' })
  },
)

it.skipIf(!isThere)('owl video says of a time after the end that it is one', { timeout: 200_000 }, async () => {
  const environment = { OWL_DATA_DIR: await temporaryFolder() }
  const wrong = [
    ['--at', '1,50'],
    ['--from', '0:10'],
    ['--frames', '2'],
  ]
  for (const flags of wrong) {
    const question = flags[0] === '--frames' ? ['What happens at 5:42?'] : []
    const { code, stderr } = await owl(['video', clip('text.mp4'), ...question, '--text', ...flags], environment)
    expect(stderr).toMatch(/The video is 0:0\d long; \d:\d\d lies beyond it\./)
    expect(code).toBe(2)
  }
})

it('owl video tells what is no video, and what is missing', { timeout: 200_000 }, async () => {
  const environment = { OWL_DATA_DIR: await temporaryFolder() }
  expect(await owl(['video', 'nowhere.mp4', '--text'], environment)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('nowhere.mp4 does not exist.'),
  })
  // Neither a browser nor ffmpeg.
  const bare = { ...environment, OWL_BROWSER: '/nowhere/browser', PATH: await temporaryFolder() }
  const { code, stderr } = await owl(['video', clip('text.mp4'), '--text'], bare)
  expect(stderr).toMatch(/nothing on this machine that decodes videos/)
  expect(stderr).toMatch(/Chromium|Chrome/)
  expect(stderr).toMatch(/ffmpeg/)
  expect(code).toBe(1)
})
