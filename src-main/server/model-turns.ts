import { OwlError } from '../../native-models/owl-error.ts'
import type { Models } from '../core/models.ts'

/**
 * Whose model is loaded, where programs ask several: requests for one model go together, and those for another wait
 * until they are done, as loading would cut them off. The window's answers are waited for too.
 */
export class ModelTurns {
  readonly #models: Models
  /** The last group in the queue; those of it that are not done. */
  #last: { name: string; begun: Promise<unknown>; members: Set<Promise<unknown>> } | undefined

  constructor(models: Models) {
    this.#models = models
  }

  /**
   * Does something with a model once it is loaded.
   * @param signal a request that is given up meanwhile does not have its model loaded
   * @throws OwlError `cancelled`, what loading the model throws, and what the work throws
   */
  async take<Result>(name: string, signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    if (this.#last?.name !== name) {
      const before = this.#last
      const begun = before?.begun.then(() => Promise.allSettled(before.members)) ?? Promise.resolve()
      this.#last = { name, begun, members: new Set() }
    }
    const { begun, members } = this.#last
    const member = begun.then(async () => {
      await this.#load(name, signal)
      return work()
    })
    members.add(member)
    try {
      return await member
    } finally {
      members.delete(member)
    }
  }

  async #load(name: string, signal: AbortSignal): Promise<void> {
    if (!this.#isReady(name)) await this.#models.whenFree()
    if (signal.aborted) throw new OwlError('cancelled', 'Stopped before it began.')
    // Loading goes on without the one who asked: others may wait for it by then.
    if (!this.#isReady(name)) await this.#models.load(name)
  }

  #isReady(name: string): boolean {
    return this.#models.loaded?.name === name
  }
}
