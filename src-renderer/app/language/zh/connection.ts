import type { Text } from '../en.ts'

export const connection: Text['connection'] = {
  lost: '与 Owl 的连接已断开，正在重新连接…',
  retryNow: '立即重试',
  refused: 'Owl 已重新启动，不再认识此页面。请打开 `owl serve` 打印的地址。',
}
