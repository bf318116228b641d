import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

export interface Outcome {
  code: number | null
  stdout: string
  stderr: string
}

/** Starts `owl` from source, as its own process. @param user its number; only root may name another than its own */
export function startOwl(
  words: string[],
  environment: NodeJS.ProcessEnv = {},
  user?: number,
): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, ['--import', 'tsx', 'src-main/cli.ts', ...words], {
    env: { ...process.env, OWL_MODEL: undefined, ...environment },
    ...(user === undefined ? {} : { uid: user, gid: user }),
    // One that hangs fails its test, and is not left behind.
    timeout: 140_000,
    killSignal: 'SIGKILL',
  })
}

/** Runs `owl` to its end. */
export async function owl(
  words: string[],
  environment: NodeJS.ProcessEnv = {},
  input: string | Uint8Array = '',
  user?: number,
) {
  const child = startOwl(words, environment, user)
  // A command that does not read its input may be gone before all of it is written.
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  return outcome(child)
}

export async function outcome(child: ChildProcessWithoutNullStreams): Promise<Outcome> {
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { code, stdout, stderr }
}
