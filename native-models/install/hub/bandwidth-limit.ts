import { setTimeout as wait } from 'node:timers/promises'

/** Keeps the sum of all that is let through under so many bytes a second; 0 lets everything through at once. */
export class BandwidthLimit {
  bytesPerSecond: number
  #freeAt = 0

  constructor(bytesPerSecond = 0) {
    this.bytesPerSecond = bytesPerSecond
  }

  /** Returns when these bytes may count as through. Rejects when the signal fires. */
  async take(bytes: number, signal?: AbortSignal): Promise<void> {
    if (this.bytesPerSecond <= 0) return
    const now = performance.now()
    this.#freeAt = Math.max(now, this.#freeAt) + (1000 * bytes) / this.bytesPerSecond
    const waitMs = this.#freeAt - now
    if (waitMs > 1) await wait(waitMs, undefined, { signal })
  }
}
