import type { Text } from '../en.ts'

export const link: Text['link'] = {
  title: '打开这个地址？',
  warning: '地址由模型写出，打开前请先看清楚。',
  open: '在浏览器中打开',
  copy: '复制地址',
  unsafe: '不会打开这类地址。',
}
