import { line, numberIn } from './setting.ts'

export const modelSettings = {
  /** Address of a hub or a mirror; the official one where empty. */
  'models.hub': line('', { maxLength: 300 }),
  /** Megabytes a second that a download may take; 0 for all there is. */
  'models.bandwidth': numberIn({ min: 0, max: 10_000, step: 0.5 }, 0),
}
