import type { Progress } from '../../native-models/progress.ts'

/** Younger than this, a rate says little. */
const leastMs = 2000
/** Weight of the past in the rate, for each second that goes by. */
const memory = 0.9

/** How long a stage of a job will still take, from the rate of the last seconds. */
export class RemainingTime {
  #stage = ''
  #since = 0
  #last = { at: 0, done: 0 }
  #rate = 0
  #left = 0

  /** Undefined while it cannot be told. */
  get seconds(): number | undefined {
    if (this.#rate <= 0 || performance.now() - this.#since < leastMs) return undefined
    return this.#left / this.#rate
  }

  add({ stage, done, total }: Progress): void {
    const now = performance.now()
    // What was done in an earlier go is not part of the rate.
    if (stage !== this.#stage || done < this.#last.done) {
      this.#stage = stage
      this.#since = now
      this.#last = { at: now, done }
      this.#rate = 0
    }
    this.#left = Math.max(0, total - done)
    const seconds = (now - this.#last.at) / 1000
    if (seconds < 0.5) return
    const rate = (done - this.#last.done) / seconds
    const kept = this.#rate > 0 ? memory ** seconds : 0
    this.#rate = kept * this.#rate + (1 - kept) * rate
    this.#last = { at: now, done }
  }
}
