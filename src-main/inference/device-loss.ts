import { OwlError } from '../../native-models/owl-error.ts'

/**
 * Runs work of a GPU. What fails there fails because of the device: the graphs are known to run.
 * @throws OwlError `device-lost`
 */
export async function onDevice<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new OwlError('device-lost', `The GPU failed: ${reason.split('\n')[0]}`, { cause })
  }
}
