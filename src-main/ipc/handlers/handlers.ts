import type { z } from 'zod'
import type { CallName, CallOutput, calls, EventName, EventPayload } from '../contract.ts'

/** Sends an event to the window. */
export type Emit = <N extends EventName>(name: N, payload: EventPayload<N>) => void

/** What answers the calls of the contract, or those of one domain: `Handlers<keyof typeof chatCalls>`. */
export type Handlers<Names extends CallName = CallName> = {
  [N in Names]: (input: z.output<(typeof calls)[N]['input']>) => CallOutput<N> | Promise<CallOutput<N>>
}
