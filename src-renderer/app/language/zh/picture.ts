import type { Text } from '../en.ts'

export const picture: Text['picture'] = {
  tray: '问题中的图片',
  open: (name) => `放大查看 ${name}`,
  adding: (name) => `正在添加 ${name}`,
  failed: (name) => `无法添加 ${name}`,
  remove: (name) => `移除 ${name}`,
  earlier: (name) => `将 ${name} 左移`,
  later: (name) => `将 ${name} 右移`,
  pasted: '粘贴的图片.png',
  viewer: '图片',
  zoomIn: '放大',
  zoomOut: '缩小',
  fit: '适应窗口',
  previous: '上一张',
  next: '下一张',
  missing: '这张图片已不在存储中',
  size: (width, height) => `${width} × ${height}`,
}
