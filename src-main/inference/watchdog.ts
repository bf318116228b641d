const tickMs = 1000

/**
 * Notices when a process that has work falls silent. Pings it once a second, so that a living one always has
 * something to say between two steps. Counts ticks of its own clock, not the time of day: a computer that slept
 * for an hour is no silence of an hour.
 */
export class Watchdog {
  readonly #ping: () => void
  readonly #onSilence: () => void
  #timer: NodeJS.Timeout | undefined
  #limitMs = 0
  #silentMs = 0

  constructor(ping: () => void, onSilence: () => void) {
    this.#ping = ping
    this.#onSilence = onSilence
  }

  /** From now on something is to be heard within the limit, again and again. */
  watch(limitMs: number): void {
    this.#limitMs = limitMs
    if (this.#timer) return
    this.#silentMs = 0
    const interval = Math.min(tickMs, limitMs / 4)
    this.#timer = setInterval(() => {
      this.#silentMs += interval
      if (this.#silentMs < this.#limitMs) return this.#ping()
      this.rest()
      this.#onSilence()
    }, interval)
  }

  heard(): void {
    this.#silentMs = 0
  }

  /** There is no work: silence is fine. */
  rest(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }
}
