/** What preload and main call each other by. */
export const electronChannels = {
  /** Invoked with the name of a call and its input; answered with a `CallReply`. */
  call: 'owl:call',
  /** Brings the MessagePort over which a window's events come. */
  connect: 'owl:connect',
} as const

/** Errors of `ipcRenderer.invoke` keep only their message, so an error is an ordinary answer. */
export type CallReply = { output: unknown } | { error: { code: string; message: string; hint: string } }

export interface EventMessage {
  event: string
  payload: unknown
}
