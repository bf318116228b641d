import type { Command, Reply } from './protocol.ts'

/** A running inference process, as its client sees it. */
export interface InferenceProcess {
  /** For logs. Absent where the process could not be started. */
  readonly pid: number | undefined
  send(command: Command): void
  onReply(listener: (reply: Reply) => void): void
  /** Resolves when the process has ended, however it did; says how, for people: "it was killed (SIGKILL)". */
  readonly exited: Promise<string>
  /** Ends the process at once, even where it is stopped or busy. */
  kill(): void
}

/** Starts inference processes: by fork under Node, as utility processes under Electron. */
export interface ProcessHost {
  start(): InferenceProcess
}
