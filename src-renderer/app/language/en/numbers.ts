export const number = new Intl.NumberFormat('en', { maximumFractionDigits: 1 })
export const seconds = (ms: number) => `${number.format(ms / 1000)} s`
export const count = (n: number, one: string, many: string) => `${number.format(n)} ${n === 1 ? one : many}`
