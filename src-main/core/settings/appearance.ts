import { choice } from './setting.ts'

export const appearanceSettings = {
  'appearance.theme': choice(['system', 'light', 'dark'], 'system'),
  'appearance.language': choice(['system', 'en', 'zh'], 'system'),
  /** Percent of the usual size of text. */
  'appearance.textSize': choice(['90', '100', '115', '130', '150', '200'], '100'),
  'appearance.motion': choice(['system', 'reduced'], 'system'),
}
