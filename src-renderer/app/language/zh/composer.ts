import type { Text } from '../en.ts'

export const composer: Text['composer'] = {
  label: '你的问题',
  placeholder: '随便问',
  placeholderPicture: '就图片提问，或直接按回车获取描述',
  describe: (pictures) => (pictures === 1 ? '描述这张图片。' : '描述这些图片。'),
  addPictures: '添加图片',
  send: '提问',
  stop: '停止',
  keys: '回车提问，Shift+回车换行',
  dropHere: '将图片放到这里',
  editing: '你正在修改之前的问题，其后的内容将被替换。',
}
