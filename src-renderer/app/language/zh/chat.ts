import type { Text } from '../en.ts'
import { number, seconds } from './numbers.ts'

export const chat: Text['chat'] = {
  conversation: '对话',
  question: '你的提问',
  answer: 'Owl 的回答',
  waitingForModel: '正在等待模型',
  thinking: '正在看',
  readingPictures: (done, total) =>
    total > 1 ? `正在看第 ${Math.min(done + 1, total)} 张图片，共 ${total} 张` : '正在看图片',
  reading: (percent) => `正在阅读，${percent}%`,
  writing: 'Owl 正在回答',
  copy: '复制回答',
  copied: '已复制',
  copyCode: '复制代码',
  regenerate: '重新回答',
  edit: '修改这个问题',
  copyQuestion: '复制问题',
  toNewest: '到最新消息',
  stopped: '已停止。',
  tooLong: '回答达到了长度上限。',
  silent: '模型没有给出回答。',
  tokensPerSecond: (rate) => `${number.format(rate)} 词元/秒`,
  firstToken: (ms) => `首个词元 ${seconds(ms)}`,
  context: (used, rows) => `上下文 ${Math.round((100 * used) / rows)}%`,
  contextDetail: (used, rows, visual) =>
    `已用 ${number.format(used)} 行，共 ${number.format(rows)} 行，其中图片占 ${number.format(visual)} 行`,
  pictureNotLoaded: '图片，未加载',
}
