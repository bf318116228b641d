import { z } from 'zod'
import { errorSchema } from './shared-schemas.ts'

/** The server for other programs of this machine; it is switched on in the settings. */
export const localServerStateSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('off') }),
  z.object({ state: z.literal('listening'), address: z.string() }),
  z.object({ state: z.literal('failed'), error: errorSchema }),
])

const keySchema = z.object({ key: z.string() })

export const serverCalls = {
  'server.state': { input: z.object({}), output: localServerStateSchema },
  /** What programs have to send along. */
  'server.key': { input: z.object({}), output: keySchema },
  /** Puts another in its place; the old one is refused from then on. */
  'server.newKey': { input: z.object({}), output: keySchema },
} as const

export const serverEvents = { 'server.changed': localServerStateSchema } as const
