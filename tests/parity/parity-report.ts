/** A kind of value that is compared: all layers of it, all pictures or conversations. */
interface Group {
  /** The largest difference allowed; 0 where values have to be the same. */
  tolerance: number
  compared: number
  largest: number
  /** Where it failed first. */
  failure?: string
}

/** Largest differences by group, and which cases failed. */
export class ParityReport {
  readonly groups = new Map<string, Group>()
  readonly failedCases = new Set<string>()
  /** Cases that the comparisons to come belong to. */
  cases: readonly string[] = []

  /** Compares numbers; an expected tensor that the reference does not have is skipped. */
  close(
    group: string,
    tolerance: number,
    where: string,
    actual: ArrayLike<number> | undefined,
    expected: ArrayLike<number> | undefined,
  ): void {
    if (!expected) return
    const difference = actual ? largestDifference(actual, expected) : Number.POSITIVE_INFINITY
    this.#note(group, tolerance, difference, where, `${actual ? `off by ${difference}` : 'not returned'}`)
  }

  /** Compares what has to be the same. */
  same(group: string, where: string, actual: unknown, expected: unknown): void {
    const [got, wanted] = [JSON.stringify(actual), JSON.stringify(expected)]
    this.#note(group, 0, got === wanted ? 0 : Number.POSITIVE_INFINITY, where, `${got} instead of ${wanted}`)
  }

  get hasFailed(): boolean {
    return this.failedCases.size > 0
  }

  /** One line a group. */
  lines(): string[] {
    return [...this.groups].map(([name, { tolerance, compared, largest, failure }]) => {
      const sign = failure === undefined ? 'ok    ' : 'FAILED'
      const outcome =
        tolerance === 0
          ? `${failure === undefined ? 'all' : 'not all'} the same`
          : `largest difference ${largest.toExponential(1)}, allowed ${tolerance}`
      return `${sign} ${name.padEnd(32)} ${outcome} (${compared} compared)${failure === undefined ? '' : `: ${failure}`}`
    })
  }

  #note(name: string, tolerance: number, difference: number, where: string, failure: string): void {
    const group = this.groups.get(name) ?? { tolerance, compared: 0, largest: 0 }
    this.groups.set(name, group)
    group.compared++
    // A difference that is not a number is no small one.
    if (!(difference <= group.largest)) group.largest = difference
    if (difference <= tolerance) return
    group.failure ??= `${where} ${failure.slice(0, 300)}`
    for (const failed of this.cases) this.failedCases.add(failed)
  }
}

function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY
  let largest = 0
  for (let i = 0; i < actual.length; i++) {
    const difference = Math.abs(actual[i]! - expected[i]!)
    if (!(difference <= largest)) largest = difference
  }
  return largest
}
