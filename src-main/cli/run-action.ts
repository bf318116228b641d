import { OwlError } from '../../native-models/owl-error.ts'

export const exitCodes = { failed: 1, wrongUse: 2, interrupted: 130, terminated: 143 }

/**
 * Runs what a command does. Its signal fires on the first Ctrl-C, so that the command can end in order; a second
 * one ends the process at once. Errors go to stderr as what happened and what to do.
 */
export async function runAction(action: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const controller = new AbortController()
  const stop = (signal: NodeJS.Signals) => {
    const exitCode = signal === 'SIGINT' ? exitCodes.interrupted : exitCodes.terminated
    if (controller.signal.aborted) process.exit(exitCode)
    process.exitCode = exitCode
    controller.abort()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  // The reader of a pipe may leave at any time (`owl ask ... | head -1`): nothing is left to be said then.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') controller.abort()
    else throw error
  })
  try {
    await action(controller.signal)
  } catch (thrown) {
    // What fails after a stop fails because of it.
    if (controller.signal.aborted) return
    const error = OwlError.from(thrown)
    reportError(error)
    process.exitCode = error.code === 'usage' ? exitCodes.wrongUse : exitCodes.failed
  } finally {
    process.off('SIGINT', stop)
    process.off('SIGTERM', stop)
  }
}

export function reportError(error: OwlError): void {
  console.error(`owl: ${error.message}\n     ${error.hint}`)
  if (error.code === 'internal' && process.env.OWL_DEBUG) console.error(error.cause)
}
