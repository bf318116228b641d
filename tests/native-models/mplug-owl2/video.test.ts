import { describe, expect, it } from 'vitest'
import { mostFrames, rateTimes, uniformTimes } from '../../../native-models/mplug-owl2/video/frame-sampling.ts'
import { scenesOf, smallHeight, smallWidth } from '../../../native-models/mplug-owl2/video/scenes.ts'
import { askedRange, clockTime, namedMoments } from '../../../native-models/mplug-owl2/video/spoken-times.ts'

describe('frames', () => {
  it('are the middles of equal parts', () => {
    expect(uniformTimes({ start: 10, end: 14 }, 4)).toEqual([10.5, 11.5, 12.5, 13.5])
    expect(rateTimes({ start: 0, end: 4 }, 2, 100)).toHaveLength(8)
    expect(rateTimes({ start: 0, end: 3600 }, 2, 8)).toHaveLength(8)
    expect(rateTimes({ start: 0, end: 0.1 }, 1, 8)).toHaveLength(1)
  })

  it('are as many as a context holds with room to answer', () => {
    expect(mostFrames(2048, 65)).toBe(27)
    expect(mostFrames(100, 65)).toBe(1)
  })
})

describe('scenes', () => {
  const frame = (time: number, brightness: number) => ({
    time,
    rgb: new Uint8Array(smallWidth * smallHeight * 3).fill(brightness),
  })

  it('part where a frame differs much from the one before', () => {
    const frames = Array.from({ length: 40 }, (_, n) => frame(n / 10, n < 15 ? 20 : n < 30 ? 120 : 60))
    expect(scenesOf(frames, { start: 0, end: 4 })).toEqual([
      { start: 0, end: 1.5 },
      { start: 1.5, end: 3 },
      { start: 3, end: 4 },
    ])
  })

  it('do not part where the light changes slowly, or by noise', () => {
    const slowly = Array.from({ length: 40 }, (_, n) => frame(n / 10, n * 6))
    expect(scenesOf(slowly, { start: 0, end: 4 })).toHaveLength(1)
    expect(scenesOf([frame(0, 10)], { start: 0, end: 4 })).toEqual([{ start: 0, end: 4 }])
  })
})

describe('times in a question', () => {
  it.each([
    ['what happens at 0:42?', 40, 44],
    ['What is between 0:10 and 20 s?', 10, 20],
    ['from 1 min 5 s to 1:20', 65, 80],
    ['what happens at 1 second', 0, 3],
    ['在第 42 秒发生了什么？', 40, 44],
    ['0:42 处是什么？', 40, 44],
  ])('%s', (question, start, end) => {
    expect(askedRange(question, 100)).toEqual({ start, end })
  })

  it.each(['What happens?', 'Are there 3 people?', 'What happens at 3:00?', 'Is it shown for 3 seconds?'])(
    'are none in: %s',
    (question) => {
      expect(askedRange(question, 100)).toBeUndefined()
    },
  )
})

describe('moments in an answer', () => {
  const named = (answer: string) =>
    namedMoments(answer, [0.5, 1.5, 2.5], 100).map(({ from, to, seconds }) => [answer.slice(from, to), seconds])

  it('are times and frames', () => {
    expect(named('At 0:42 it falls; in frame 2 and the last frame it lies.')).toEqual([
      ['0:42', 42],
      ['frame 2', 1.5],
      ['last frame', 2.5],
    ])
    expect(named('第3帧里有一只猫。')).toEqual([['第3帧', 2.5]])
    expect(named('The first picture, at 12 seconds.')).toEqual([
      ['first picture', 0.5],
      ['12 seconds', 12],
    ])
  })

  it('lie inside of the video', () => {
    expect(named('frame 9, frame 0, 2:00, a ratio of 4:3')).toEqual([])
  })

  it('are written as on a clock', () => {
    expect([0, 72.5, 3661].map(clockTime)).toEqual(['0:00', '1:12', '1:01:01'])
  })
})
