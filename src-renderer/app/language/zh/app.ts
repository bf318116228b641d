import type { Text } from '../en.ts'

export const app: Text['app'] = {
  title: 'Owl',
  newChat: '新对话',
  views: '视图',
  viewNames: { chat: '对话', captions: '描述', video: '视频', models: '模型', settings: '设置' },
  showSide: '显示列表',
  hideSide: '隐藏列表',
  close: '关闭',
  cancel: '取消',
  tryAgain: '重试',
}
