import { z } from 'zod'
import { captureKinds } from '../../core/captures.ts'
import { pictureSchema } from './pictures.ts'

export const captureCalls = {
  /** Lets the person take a picture of the screen; `capture.taken` tells when it is there. In Electron only. */
  'capture.start': { input: z.object({ kind: z.enum(captureKinds) }), output: z.object({}) },
  /** Pictures for the composer that wait in main: of the screen, and opened with the program. Each is given once. */
  'capture.collect': { input: z.object({}), output: z.object({ pictures: z.array(pictureSchema) }) },
} as const

export const captureEvents = {
  /** Pictures wait to be collected. */
  'capture.taken': z.object({}),
} as const
