/**
 * `train` and `validation` share one distribution; `test` uses what is held out of both:
 * words, fonts, palette, window themes and one emoji style.
 */
export type Split = 'train' | 'validation' | 'test'

export const SPLITS: readonly Split[] = ['train', 'validation', 'test']

/** Whether position `index` of an ordered list belongs to the held-out tenth. */
export function isHeldOut(index: number): boolean {
  return index % 10 === 7
}
