import type { Text } from '../en.ts'
import { number } from './numbers.ts'

export const composer: Text['composer'] = {
  label: '你的问题',
  placeholder: '随便问',
  placeholderPicture: '就图片提问，或直接按回车获取描述',
  describe: (pictures) => (pictures === 1 ? '描述这张图片。' : '描述这些图片。'),
  addPictures: '添加图片',
  captureKinds: { region: '屏幕的一部分', window: '一个窗口', screen: '整个屏幕' },
  capture: '截取屏幕',
  besideText: '这段文字旁还有一张图片。',
  addBesideText: '同时添加图片',
  askAgain: (question) => `再问一次：“${question}”`,
  contextUse: (rows, contextRows) => `上下文 ${number.format(rows)} / ${number.format(contextRows)} 行`,
  tooMuch: (pictures, rows, contextRows, most) =>
    `${number.format(pictures)} 张图片和文字约占 ${number.format(rows)} 行，而模型只能容纳 ${number.format(contextRows)} 行。${
      most > 0
        ? `配合这段文字最多放得下 ${number.format(most)} 张：请移除一些，或分几次提问。`
        : '请缩短文字，或选择上下文更大的模型。'
    }`,
  send: '提问',
  stop: '停止',
  keys: { enter: '回车提问，Shift+回车换行', 'command-enter': 'Ctrl+回车提问，回车换行' },
  dropHere: '将图片放到这里',
  waitsForPictures: '正在等待图片添加完成，随后提问。',
  editing: '你正在修改之前的问题，其后的内容将被替换。',
}
