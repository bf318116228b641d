import type { Text } from '../en.ts'

export const app: Text['app'] = {
  title: 'Owl',
  newChat: '新对话',
  settings: '设置',
  theme: '主题',
  themes: { system: '跟随系统', light: '浅色', dark: '深色' },
  language: '语言',
  close: '关闭',
  cancel: '取消',
  tryAgain: '重试',
}
