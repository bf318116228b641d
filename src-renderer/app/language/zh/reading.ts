import type { Text } from '../en.ts'

export const reading: Text['reading'] = {
  layer: '图片中的文字：方向键逐行移动，按住 Shift 选择，Ctrl+A 全选',
  copyAll: '复制图片中的全部文字',
  reading: '正在读取图片中的文字',
  nothing: '图片中没有找到文字',
  given: (given, read) => (given < read ? `已给出图片文字：${read} 行中的 ${given} 行` : `已给出图片文字：${given} 行`),
  tooLong: (read) => `图片中的 ${read} 行文字放不下`,
  late: (pictures) => `未含 ${pictures} 张图片的文字：仍在读取`,
  failed: (pictures) => `未含 ${pictures} 张图片的文字：无法读取`,
}
