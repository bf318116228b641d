import { rateTimes, uniformTimes, type VideoRange } from '../../native-models/mplug-owl2/video/frame-sampling.ts'
import { sceneProbeTimes, scenesOf } from '../../native-models/mplug-owl2/video/scenes.ts'
import type { FrameReader } from './frame-reader.ts'

export interface FrameChoice {
  kind: 'uniform' | 'rate' | 'scenes'
  count: number
  perSecond: number
}

/** The times that a choice comes to within a stretch of the video, `most` of them. */
export async function chosenTimes(
  from: FrameReader,
  choice: FrameChoice,
  range: VideoRange,
  most: number,
): Promise<number[]> {
  if (choice.kind === 'rate') return rateTimes(range, choice.perSecond, most)
  if (choice.kind === 'uniform') return uniformTimes(range, Math.min(choice.count, most))
  const probes = []
  for await (const probe of from.smalls(sceneProbeTimes(range))) probes.push(probe)
  const middles = scenesOf(probes, range).map(({ start, end }) => (start + end) / 2)
  if (middles.length <= most) return middles
  return uniformTimes({ start: 0, end: middles.length }, most).map((at) => middles[Math.floor(at)]!)
}
