import type { Text } from '../en.ts'

export const empty: Text['empty'] = {
  heading: '给我看一张图片',
  invitation: '拖放到任意位置、粘贴，或',
  pick: '选择文件',
  privacy: '图片和问题都只留在这台电脑上。',
  examples: ['这个窗口在问我什么？', '哪根柱子最高？', '这个对话框的标题是什么？'],
  examplesLabel: '问题示例',
}
