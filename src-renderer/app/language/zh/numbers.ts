export const number = new Intl.NumberFormat('zh-CN', { maximumFractionDigits: 1 })
export const seconds = (ms: number) => `${number.format(ms / 1000)} 秒`
