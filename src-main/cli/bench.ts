import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { Command } from 'commander'
import { OwlError } from '../../native-models/owl-error.ts'
import { runAction } from './run-action.ts'

export function benchCommand(): Command {
  return new Command('bench')
    .description('measure speed on this machine (from a source tree)')
    .argument('[arguments...]', 'passed on to the benchmark')
    .allowUnknownOption()
    .helpOption(false)
    .action((words: string[]) =>
      runAction(async (signal) => {
        const { isSourceTree, programFolder } = await import('../core/program-folder.ts')
        if (!isSourceTree) {
          throw new OwlError('not-found', 'The benchmarks are not part of the packaged program.', {
            hint: 'Clone the source tree and run `npm run bench` there.',
          })
        }
        const bench = spawn(process.execPath, ['--import', 'tsx', join('tests', 'bench', 'run.ts'), ...words], {
          cwd: programFolder,
          stdio: 'inherit',
        })
        signal.addEventListener('abort', () => bench.kill())
        const [code] = await once(bench, 'exit')
        if (code && !signal.aborted) process.exitCode = code
      }),
    )
}
