import { numberIn, onOff } from './setting.ts'

export const serverSettings = {
  /** Whether other programs of this machine may ask, each with the key. */
  'server.enabled': onOff(false),
  /** On 127.0.0.1; those below 1024 are the system's. */
  'server.port': numberIn({ min: 1024, max: 65_535, step: 1 }, 11_535),
}
