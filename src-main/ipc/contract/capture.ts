import { z } from 'zod'
import { captureKinds } from '../../core/captures.ts'
import { pictureSchema } from './pictures.ts'

export const captureCalls = {
  /** Lets the person take a picture of the screen; it comes as `capture.taken`. In Electron only. */
  'capture.start': { input: z.object({ kind: z.enum(captureKinds) }), output: z.object({}) },
} as const

export const captureEvents = {
  /** A picture for the composer: of the screen, or one that was opened with the program. */
  'capture.taken': z.object({ picture: pictureSchema }),
} as const
