import type { Text } from '../en.ts'

export const empty: Text['empty'] = {
  heading: '给我看一张图片',
  invitation: '拖放到任意位置、粘贴，或',
  pick: '选择文件',
  privacy: '。图片和问题都只留在这台电脑上。',
  examples: ['这个窗口在问我什么？', '哪根柱子最高？', '这个对话框的标题是什么？'],
  largerTitle: '适合照片和更长的回答',
  larger: '可以安装官方发布的 mPLUG-Owl2（82 亿参数）。在你确认之前不会下载任何内容。',
  largerFacts: [
    ['下载', '约 16 GB'],
    ['磁盘', '约 5 GB'],
    ['内存', '约 6 GB'],
    ['时间', '下载时间，加上几分钟转换'],
  ],
  largerLook: '查看所需资源',
  about: {
    'owl-mini':
      '随应用附带的小模型，为窗口、对话框、图表、图标和图形而做，不适合照片。它只看 224 × 224 像素，因此会漏掉小字，也常常出错；各项得分见其模型卡。',
  },
  examplesLabel: '问题示例',
}
