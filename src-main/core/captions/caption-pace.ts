/** Pictures whose times are looked at: the pace of now, not of the whole run. */
const window = 40

export interface CaptionPace {
  /** Pictures captioned since the run began. */
  made: number
  /** 0 until it can be told. */
  perSecond: number
}

/** How fast captions come. */
export class PaceMeter {
  readonly #now: () => number
  readonly #times: number[]
  #made = 0

  /** @param now milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
    this.#times = [now()]
  }

  count(): void {
    this.#made++
    this.#times.push(this.#now())
    if (this.#times.length > window + 1) this.#times.shift()
  }

  get pace(): CaptionPace {
    const elapsed = this.#times.at(-1)! - this.#times[0]!
    return { made: this.#made, perSecond: elapsed > 0 ? ((this.#times.length - 1) * 1000) / elapsed : 0 }
  }
}
