import { utilityProcess } from 'electron'
import type { InferenceProcess, ProcessHost } from '../inference/process-host.ts'
import type { Reply } from '../inference/protocol.ts'

/** Runs the inference process as Electron's utility process. The app has to be ready. */
export class UtilityHost implements ProcessHost {
  readonly #entry: string

  /** @param entry path of the built inference process */
  constructor(entry: string) {
    this.#entry = entry
  }

  start(): InferenceProcess {
    const child = utilityProcess.fork(this.#entry, [], { serviceName: 'Owl inference', stdio: 'ignore' })
    return {
      get pid() {
        return child.pid
      },
      send: (command) => child.postMessage(command),
      onReply: (listener) => child.on('message', (reply: Reply) => listener(reply)),
      exited: new Promise((resolve) => child.once('exit', (code) => resolve(`it ended with code ${code}`))),
      kill: () => {
        // `child.kill()` asks only, and a process in the middle of a step does not listen.
        if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL')
        else child.once('spawn', () => child.kill())
      },
    }
  }
}
