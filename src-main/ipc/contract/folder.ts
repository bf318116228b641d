import { z } from 'zod'
import { progressSchema } from './shared-schemas.ts'

export const folderCalls = {
  /** Where the data are, and where they will be after the next start. */
  'folder.state': {
    input: z.object({}),
    output: z.object({
      path: z.string(),
      movingTo: z.string().optional(),
      failed: z.object({ to: z.string(), reason: z.string() }).optional(),
      /** Folders that they were moved out of, and that still hold something. */
      old: z.array(z.object({ path: z.string(), bytes: z.number() })),
    }),
  },
  /** Copies the data to another folder; `folder.moving` tells how far it is. It holds from the next start. */
  'folder.move': { input: z.object({ to: z.string().min(1).max(4000) }), output: z.object({}) },
  /** Removes an old folder, after a comparison with the one that holds now, of which `folder.moving` tells. */
  'folder.removeOld': { input: z.object({ path: z.string().min(1).max(4000) }), output: z.object({}) },
  /** Stops a move or a comparison, or forgets one that waits for the next start. */
  'folder.stay': { input: z.object({}), output: z.object({}) },
} as const

export const folderEvents = { 'folder.moving': progressSchema } as const
