import type { Text } from '../en.ts'

export const inspector: Text['inspector'] = {
  open: '查看依据',
  title: '模型看了哪里',
  explanation:
    '选择回答中的一个词。图片亮处是模型写下该词之前注意力所在：它表示模型参考了什么，并不证明模型为何这样选择。',
  words: '回答中的词',
  wholeAnswer: '整个回答',
  looking: '正在回看…',
  summary: (where: string, share: number) => `${where}：${share}% 的注意力在图片上，${100 - share}% 在文字上。`,
  allLayers: '所有层平均',
  layer: (number: number) => `第 ${number} 层`,
  byLayer: '各层的注意力，从第一层到最后一层',
  layerShare: (number: number, share: number) => `第 ${number} 层：${share}% 在图片上`,
  onPictures: '在图片上',
  onText: '在文字上',
  noPictures: '此对话中没有图片，因此注意力全部在文字上。',
  heatOf: (name: string) => `模型在 ${name} 中看了哪里`,
  save: '保存为 PNG',
}
