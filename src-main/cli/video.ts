import { resolve } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import type { FrameChoice } from '../core/videos/videos.ts'
import {
  type InferenceOptions,
  inferenceOptions,
  numberBetween,
  type SamplingFlags,
  sampling,
  samplingOptions,
} from './option-values.ts'
import { runAction } from './run-action.ts'

interface VideoFlags extends InferenceOptions, SamplingFlags {
  frames?: number
  from?: number
  to?: number
  rate?: number
  scenes?: boolean
  at?: number[]
  saveFrames?: string
  text?: boolean
  json?: boolean
}

/** Frames that are read without a model: no context bounds them. */
const mostReadFrames = 1000

export function videoCommand(): Command {
  const command = new Command('video')
    .description('ask a question about a video')
    .argument('<video>', 'MP4, MOV, MKV or WebM')
    .argument('[question]', 'left out, the video is described', 'What happens in the video?')
    .option('-f, --frames <n>', 'frames to look at, evenly spread (default: 8)', numberBetween(1, 64, 'integer'))
    .option('--from <time>', 'look from here on: seconds, or 1:20', parseTime)
    .option('--to <time>', 'look no further than this', parseTime)
    .addOption(
      new Option('--rate <n>', 'frames a second, as far as they fit')
        .argParser(numberBetween(0.01, 60))
        .conflicts('frames'),
    )
    .addOption(new Option('--scenes', 'a frame of each scene').conflicts(['frames', 'rate']))
    .addOption(
      new Option('--at <times>', 'frames at these times: 0:05,0:10')
        .argParser((text: string) => text.split(',').map(parseTime))
        .conflicts(['frames', 'rate', 'scenes']),
    )
    .option('--save-frames <folder>', 'write the frames that are looked at as JPEG files')
    .option('--text', 'print what is written in the frames, instead of asking the model')
    .option('--json', 'print one object with the answer (or texts), the times of the frames, tokens and times')
    .addHelpText(
      'after',
      `
A time in the question ("what happens at 0:42?") looks around it. Videos are decoded by an installed Chromium,
Chrome or Edge (OWL_BROWSER may name it), else by ffmpeg.

Examples:
  owl video clip.mp4 "What happens?"
  owl video clip.mp4 "What appears at 0:42?"
  owl video lecture.webm "What is drawn?" --from 10:00 --to 12:00 --frames 12
  owl video clip.mov --scenes --json
  owl video lecture.webm --text --rate 0.5`,
    )
  for (const option of [...inferenceOptions, ...samplingOptions]) command.addOption(option)
  return command.action((path: string, question: string, flags: VideoFlags) =>
    runAction((signal) => (flags.text ? printTexts : ask)(path, question, flags, signal)),
  )
}

async function ask(path: string, question: string, flags: VideoFlags, signal: AbortSignal): Promise<void> {
  const { openModels } = await import('./open-models.ts')
  const { terminalProgress } = await import('./terminal-progress.ts')
  const { mostFrames } = await import('../../native-models/mplug-owl2/video/frame-sampling.ts')
  const models = openModels(flags, false)
  const progress = terminalProgress()
  const onProgress = progress && ((step: Parameters<typeof progress.show>[0]) => progress.show(step))
  try {
    const most = models
      .load(flags.model, { signal, onProgress })
      .then((state) => (state.state === 'ready' ? mostFrames(state.contextRows, state.pictureRows) : 1))
    most.catch(() => {})
    const { info, frames } = await sample(path, question, flags, most)
    const { userMessage } = await import('../core/messages.ts')
    const pictures = frames.map(({ picture }) => picture)
    const onText = (text: string) => {
      progress?.stop()
      if (!flags.json) process.stdout.write(text)
    }
    const request = { messages: [userMessage(pictures, question)], sampling: sampling(flags) }
    const result = await models.generate(request, { signal, onText, onProgress })
    progress?.stop()
    const times = frames.map(({ time }) => milliseconds(time))
    if (flags.json) console.log(JSON.stringify({ video: info, frames: times, ...result }, null, 2))
    else process.stdout.write('\n')
  } finally {
    progress?.stop()
    await models.close()
  }
}

/** Of frames that say the same one after the other, the first is told. */
async function printTexts(path: string, question: string, flags: VideoFlags, signal: AbortSignal): Promise<void> {
  const { Reading } = await import('../core/reading.ts')
  const { inferenceEntry } = await import('../core/program-folder.ts')
  const { ForkHost } = await import('../inference/fork-host.ts')
  const { clockTime } = await import('../../native-models/mplug-owl2/video/spoken-times.ts')
  const { terminalProgress } = await import('./terminal-progress.ts')
  const reading = new Reading({ host: new ForkHost(inferenceEntry), threads: flags.threads })
  const progress = terminalProgress()
  try {
    const { info, frames } = await sample(path, question, flags, Promise.resolve(mostReadFrames))
    const found = await reading.readFrames(frames, { signal, onProgress: (step) => progress?.show(step) })
    progress?.stop()
    const texts = found.map(({ frame, text }) => ({ time: milliseconds(frame.time), text }))
    if (flags.json) {
      const times = frames.map(({ time }) => milliseconds(time))
      console.log(JSON.stringify({ video: info, frames: times, texts }, null, 2))
    } else for (const { time, text } of texts) console.log(`== ${clockTime(time)}\n${text}`)
  } finally {
    progress?.stop()
    await reading.close()
  }
}

/** The frames that the flags and the question choose, and of which video. */
async function sample(path: string, question: string, flags: VideoFlags, most: Promise<number>) {
  const { sampleFrames, Videos } = await import('../core/videos/videos.ts')
  const video = await new Videos().open(resolve(path))
  try {
    const { duration } = video.info
    await refuseBeyond(question, duration, flags)
    const choice = frameChoice(flags, await most)
    const frames = await sampleFrames(video, choice, await rangeOf(question, duration, flags))
    const fitting = frames.slice(0, await most)
    if (flags.saveFrames) await saveFrames(flags.saveFrames, fitting)
    return { info: video.info, frames: fitting }
  } finally {
    await video.close()
  }
}

function milliseconds(time: number): number {
  return Number(time.toFixed(3))
}

/** @param most frames that the model's context holds */
function frameChoice({ frames, rate, scenes, at }: VideoFlags, most: number): FrameChoice {
  const fitting = (count: number) => {
    if (count > most) console.error(`The model's context holds ${most} frames.`)
    return Math.min(count, most)
  }
  if (at) return { kind: 'times', times: at.slice(0, fitting(at.length)) }
  if (scenes) return { kind: 'scenes', most }
  if (rate !== undefined) return { kind: 'rate', perSecond: rate, most }
  return { kind: 'uniform', count: frames === undefined ? Math.min(8, most) : fitting(frames) }
}

/** Says of a time after the end that it is one, instead of looking elsewhere. @throws OwlError `usage` */
async function refuseBeyond(question: string, duration: number, { at = [], from = 0 }: VideoFlags): Promise<void> {
  const { askedTimes, clockTime } = await import('../../native-models/mplug-owl2/video/spoken-times.ts')
  const beyond = [...at, from, ...askedTimes(question)].find((time) => time > duration)
  if (beyond === undefined) return
  const { OwlError } = await import('../../native-models/owl-error.ts')
  throw new OwlError('usage', `The video is ${clockTime(duration)} long; ${clockTime(beyond)} lies beyond it.`, {
    hint: 'Name a time inside of it.',
  })
}

/** What the flags mark, else what the question names, else all of it. */
async function rangeOf(question: string, duration: number, { from, to }: VideoFlags) {
  const { askedRange } = await import('../../native-models/mplug-owl2/video/spoken-times.ts')
  const { OwlError } = await import('../../native-models/owl-error.ts')
  if (from === undefined && to === undefined) return askedRange(question, duration) ?? { start: 0, end: duration }
  const range = { start: from ?? 0, end: Math.min(to ?? duration, duration) }
  if (range.start >= range.end) {
    const message = `Nothing lies between ${range.start} s and ${range.end} s of a video of ${duration.toFixed(1)} s.`
    throw new OwlError('usage', message, { hint: 'Give --from before --to.' })
  }
  return range
}

async function saveFrames(
  folder: string,
  frames: readonly { time: number; picture: { source: object } }[],
): Promise<void> {
  const { mkdir, writeFile } = await import('node:fs/promises')
  const { join } = await import('node:path')
  await mkdir(folder, { recursive: true })
  for (const { time, picture } of frames) {
    const { bytes } = picture.source as { bytes: Uint8Array }
    await writeFile(join(folder, `${time.toFixed(3).padStart(9, '0')}.jpg`), bytes)
  }
}

/** "90", "1:30" or "0:01:30". */
function parseTime(text: string): number {
  const clock = /^(?:(?:(\d{1,2}):)?(\d{1,2}):)?(\d+(?:\.\d+)?)$/.exec(text.trim())
  if (!clock) throw new InvalidArgumentError('It must be seconds, or a time such as 1:30.')
  return Number(clock[1] ?? 0) * 3600 + Number(clock[2] ?? 0) * 60 + Number(clock[3])
}
