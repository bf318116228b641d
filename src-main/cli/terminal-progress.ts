import { Presets, SingleBar } from 'cli-progress'
import type { Progress } from '../../native-models/progress.ts'

const mebibyte = 2 ** 20

/** Progress where someone may be watching; undefined elsewhere, for commands whose wait needs no lines in a log. */
export function terminalProgress(): TerminalProgress | undefined {
  return process.stderr.isTTY ? new TerminalProgress() : undefined
}

/** Runs a job and shows how far it is; the line is free again when it returns or throws. */
export async function withProgress<Result>(
  job: (onProgress: (progress: Progress) => void) => Promise<Result>,
): Promise<Result> {
  const progress = new TerminalProgress()
  try {
    return await job((step) => progress.show(step))
  } finally {
    progress.stop()
  }
}

/** Shows how far a long job is, on stderr: a bar on a terminal, a line a stage and a tenth elsewhere. */
export class TerminalProgress {
  readonly #bar = process.stderr.isTTY ? newBar() : undefined
  #stage = ''
  #tenth = -1

  /** @param note shown behind the bar, where there is one */
  show(progress: Progress, note = ''): void {
    if (this.#bar) this.#showBar(this.#bar, progress, note)
    else this.#showLine(progress)
  }

  /** Leaves the line to what comes next. */
  stop(): void {
    this.#bar?.stop()
    this.#stage = ''
  }

  #showBar(bar: SingleBar, { stage, done, total, unit }: Progress, note: string): void {
    const scale = unit === 'bytes' ? mebibyte : 1
    if (stage !== this.#stage) {
      if (this.#stage) bar.stop()
      bar.start(1, 0)
      this.#stage = stage
    }
    bar.setTotal(Math.max(1, Math.ceil(total / scale)))
    bar.update(Math.floor(done / scale), { stage, unit: unit === 'bytes' ? 'MiB' : unit, note })
  }

  #showLine({ stage, done, total }: Progress): void {
    const tenth = total > 0 ? Math.floor((10 * done) / total) : -1
    if (stage === this.#stage && tenth <= this.#tenth) return
    this.#stage = stage
    this.#tenth = tenth
    console.error(tenth >= 0 ? `${stage}: ${tenth * 10} %` : stage)
  }
}

function newBar(): SingleBar {
  return new SingleBar(
    {
      format: '{stage} {bar} {percentage} % {value}/{total} {unit} {note}',
      clearOnComplete: true,
      hideCursor: true,
      barsize: 30,
      stopOnComplete: false,
    },
    Presets.shades_classic,
  )
}
