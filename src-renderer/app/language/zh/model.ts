import type { Text } from '../en.ts'
import { number } from './numbers.ts'

export const model: Text['model'] = {
  menu: '选择模型',
  none: '没有模型',
  noneTitle: '尚未加载模型',
  noneHint: '请在上方菜单中选择一个模型，或用 `owl models add` 安装。',
  nothingInstalled: '没有已安装的模型。请用 `owl models add` 安装。',
  loading: (title) => `正在加载 ${title}`,
  loadingFor: (wholeSeconds) => `${wholeSeconds} 秒`,
  ready: (title, device) => `${title} 已就绪（${device}）`,
  failed: (title) => (title ? `${title} 未能加载` : '无法列出模型'),
  device: { cpu: 'CPU', webgpu: 'GPU', cuda: 'GPU (CUDA)', dml: 'GPU (DirectML)', coreml: 'GPU (CoreML)' },
  insteadOfGpu: 'CPU（代替 GPU）',
  useProcessor: '现在改用处理器吗？回答相同，只是更慢。',
  thisTime: '仅这一次',
  everyTime: 'GPU 无法使用时总是如此',
  tryGpuAgain: '再试一次 GPU',
  onProcessor: (reason) => `模型正在处理器上运行：${reason}`,
  understood: '隐藏',
  embedded: '随应用附带',
  use: '使用',
  inUse: '使用中',
  size: (bytes) =>
    bytes >= 1e9 ? `${number.format(bytes / 1e9)} GB` : `${number.format(Math.max(0.1, bytes / 1e6))} MB`,
}
