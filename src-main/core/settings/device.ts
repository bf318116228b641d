import { choice } from './setting.ts'

export const deviceSettings = {
  'device.choice': choice(['auto', 'gpu', 'cpu'], 'auto'),
  'device.fallback': choice(['ask', 'processor'], 'ask'),
}
