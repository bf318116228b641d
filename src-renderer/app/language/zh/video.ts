import { clockTime } from '../../../../native-models/mplug-owl2/video/spoken-times.ts'
import type { Text } from '../en.ts'
import { number, seconds } from './numbers.ts'

export const video: Text['video'] = {
  heading: '询问一个视频',
  invitation: '把视频拖到这里。它只留在这台电脑上，模型会看到其中的一些画面。',
  pick: '选择视频',
  opening: '正在打开…',
  forms: 'MP4、MOV、MKV 和 WebM，编码为 H.264、VP8、VP9 或 AV1',
  close: '换一个视频',
  player: '播放器',
  notPlayable: '浏览器无法播放这个文件，但仍可以询问其中的画面。',
  startHere: '从这里开始',
  endHere: '到这里结束',
  wholeVideo: '整个视频',
  marked: (start, end) => `已标记：${clockTime(start)} 至 ${clockTime(end)}`,
  addFrame: '加入当前画面',
  framesLabel: '画面',
  reading: '正在读取画面…',
  frames: (n, most) =>
    n > most
      ? `${number.format(n)} 帧，超过模型最多可容纳的 ${number.format(most)} 帧`
      : `${number.format(n)} 帧；模型最多可容纳 ${number.format(most)} 帧`,
  choose: '选取哪些画面',
  choices: { uniform: '均匀分布', rate: '每秒若干帧', scenes: '每个场景一帧' },
  count: '帧数',
  perSecond: '每秒帧数',
  clock: (time) => clockTime(time),
  jump: (time) => `跳到 ${clockTime(time)}`,
  removeFrame: (time) => `去掉 ${clockTime(time)} 的画面`,
  conversation: '关于视频的问题',
  question: '关于视频的问题',
  placeholder: '0:42 处发生了什么？',
  describe: '视频里发生了什么？',
  ask: '提问',
  stop: '停止',
  answer: '关于视频的回答',
  thinking: '正在看…',
  seeing: (done, total) => `正在看第 ${number.format(done)} 帧，共 ${number.format(total)} 帧`,
  silent: '模型没有给出回答。',
  lookedAt: (n) => `${number.format(n)} 帧`,
  firstToken: (ms) => `首个词元 ${seconds(ms)}`,
}
