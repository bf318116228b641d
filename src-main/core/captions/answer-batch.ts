import { OwlError } from '../../../native-models/owl-error.ts'
import type { GenerationRequest, GenerationResult } from '../../inference/protocol.ts'
import type { CaptionModel } from './caption-maker.ts'

/** Requests that one call takes; as many answers are decoded together. */
const most = 8
/** How long the first of a batch waits for others, in milliseconds. */
const gatheringMs = 30

interface Waiting {
  request: GenerationRequest
  resolve: (result: GenerationResult) => void
  reject: (error: unknown) => void
}

/** Requests that come one by one, asked together where the model can. All of them stop by the same signal. */
export class AnswerBatch {
  readonly #model: CaptionModel
  readonly #waiting: Waiting[] = []
  #isBusy = false

  constructor(model: CaptionModel) {
    this.#model = model
  }

  /** @throws OwlError as the model's `generate` */
  generate(request: GenerationRequest, signal: AbortSignal): Promise<GenerationResult> {
    if (!this.#model.generateTogether) return this.#model.generate(request, { signal })
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, resolve, reject })
      if (!this.#isBusy) void this.#work(signal)
    })
  }

  async #work(signal: AbortSignal): Promise<void> {
    this.#isBusy = true
    await new Promise((resolve) => setTimeout(resolve, gatheringMs))
    while (this.#waiting.length > 0) await this.#answer(this.#waiting.splice(0, most), signal)
    this.#isBusy = false
  }

  async #answer(batch: readonly Waiting[], signal: AbortSignal): Promise<void> {
    try {
      const requests = batch.map(({ request }) => request)
      const outcomes = await this.#model.generateTogether!(requests, { signal })
      for (const [index, { resolve, reject }] of batch.entries()) {
        const { result, error } = outcomes[index]!
        if (result) resolve(result)
        else reject(error ? OwlError.fromMessage(error) : new OwlError('internal', 'A request got no answer.'))
      }
    } catch (thrown) {
      // One picture that ends the model's process must not take the others with it. A GPU may be lost for reasons that
      // have nothing to do with any picture; lost twice in a row, the client says so and the job stops.
      const { code } = OwlError.from(thrown)
      if (code === 'device-lost' || (code === 'inference-crashed' && batch.length > 1))
        await this.#oneByOne(batch, signal)
      else for (const { reject } of batch) reject(thrown)
    }
  }

  async #oneByOne(batch: readonly Waiting[], signal: AbortSignal): Promise<void> {
    for (const { request, resolve, reject } of batch) {
      await this.#model.generate(request, { signal }).then(resolve, reject)
    }
  }
}
