import type { Sampling } from '../../src-main/ipc/contract.ts'

/** A number of the sampling, the range in which it makes sense, and what holds where it is not set. */
export interface SamplingField {
  name: Exclude<keyof Sampling, 'stopTexts'>
  min: number
  max: number
  step: number
  byDefault?: number
}

/** In the order in which they are shown: from what people change to what they seldom do. */
export const samplingFields: readonly SamplingField[] = [
  { name: 'temperature', min: 0, max: 2, step: 0.05, byDefault: 0 },
  { name: 'maxTokens', min: 1, max: 8192, step: 1, byDefault: 512 },
  { name: 'topP', min: 0.05, max: 1, step: 0.05, byDefault: 1 },
  { name: 'topK', min: 0, max: 500, step: 1, byDefault: 0 },
  { name: 'minP', min: 0, max: 1, step: 0.01, byDefault: 0 },
  { name: 'repetitionPenalty', min: 0.5, max: 2, step: 0.05, byDefault: 1 },
  { name: 'seed', min: 0, max: 2 ** 31 - 1, step: 1 },
]

/** The sampling with one value changed; without a value it is taken out. */
export function withSampling(
  sampling: Partial<Sampling> | undefined,
  name: SamplingField['name'],
  value: number | undefined,
): Partial<Sampling> | undefined {
  const { [name]: _before, ...others } = sampling ?? {}
  if (value !== undefined) return { ...others, [name]: value }
  return Object.keys(others).length > 0 ? others : undefined
}

/** Texts that end an answer: one a line. */
export function withStopTexts(sampling: Partial<Sampling> | undefined, lines: string): Partial<Sampling> | undefined {
  const { stopTexts: _before, ...others } = sampling ?? {}
  const stopTexts = lines
    .split('\n')
    .filter((line) => line !== '')
    .slice(0, 16)
  if (stopTexts.length > 0) return { ...others, stopTexts }
  return Object.keys(others).length > 0 ? others : undefined
}
