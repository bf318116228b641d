import type { WeightPlace } from '../checkpoint/checkpoint.ts'
import { joinCrc } from '../checkpoint/crc-join.ts'
import { OwlError } from '../owl-error.ts'
import type { QuantizedRows } from './quantize-rows.ts'

interface Span {
  start: number
  bytes: number
  crc: number
}

/**
 * Checks weights while they are converted, so that a large checkpoint is read once: every value is finite, and where
 * the file names a checksum of a weight's values, the pieces read of it, joined in order, have it.
 */
export class WeightChecks {
  readonly #spans = new Map<string, Span[]>()

  /** Weights of which only a part has been read. */
  get unfinished(): string[] {
    return [...this.#spans.keys()]
  }

  /**
   * Takes note of a piece that was read.
   * @param total bytes of the whole weight
   * @throws OwlError `checkpoint-damaged`
   */
  add(weight: string, total: number, place: WeightPlace, offset: number, rows: QuantizedRows): void {
    if (!rows.finite) {
      throw new OwlError(
        'checkpoint-damaged',
        `${place.path} has values in ${weight} that are infinite or not a number.`,
      )
    }
    if (place.crc === undefined) return
    const spans = this.#spans.get(weight) ?? []
    spans.push({ start: offset, bytes: rows.bytes, crc: rows.crc })
    this.#spans.set(weight, spans)
    if (spans.reduce((sum, { bytes }) => sum + bytes, 0) < total) return
    this.#spans.delete(weight)
    const [first, ...rest] = spans.sort((a, b) => a.start - b.start)
    const crc = rest.reduce((sum, span) => joinCrc(sum, span.crc, span.bytes), first!.crc)
    if (crc === place.crc) return
    throw new OwlError(
      'checkpoint-damaged',
      `${place.path} does not have the checksum of ${weight} that it names itself.`,
    )
  }
}
