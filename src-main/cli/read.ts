import { Command } from 'commander'
import type { ReadPicture } from '../core/reading-run.ts'
import { numberBetween } from './option-values.ts'
import { runAction } from './run-action.ts'

interface ReadFlags {
  json?: boolean
  text?: boolean
  out?: string
  recursive: boolean
  threads: number
}

export function readCommand(): Command {
  return new Command('read')
    .description('read the text in pictures, at full resolution, without a model')
    .argument('<paths...>', 'pictures, and folders of pictures; `-` reads a picture from standard input')
    .option('--text', 'print the text only (default where one picture is given)')
    .option('--json', 'print an object a picture: its lines in reading order with box and confidence')
    .option('-o, --out <file>', 'append an object a picture to this file; an interrupted run continues from it')
    .option('--no-recursive', 'leave out folders inside of a folder')
    .option(
      '--threads <n>',
      'threads of the processor; 0 leaves it to the runtime',
      numberBetween(0, 1024, 'integer'),
      0,
    )
    .addHelpText(
      'after',
      `
Chinese and English are read. Boxes are in pixels of the picture: left, top, width, height.

Examples:
  owl read dialog.png
  owl read scroll.png --json
  owl read ~/Screenshots --out texts.jsonl
  import -window root png:- | owl read -`,
    )
    .action((paths: string[], flags: ReadFlags) =>
      runAction(async (signal) => {
        const { Reading } = await import('../core/reading.ts')
        const { readAll } = await import('../core/reading-run.ts')
        const { inferenceEntry } = await import('../core/program-folder.ts')
        const { ForkHost } = await import('../inference/fork-host.ts')
        const { terminalProgress } = await import('./terminal-progress.ts')
        const reading = new Reading({ host: new ForkHost(inferenceEntry), threads: flags.threads })
        const progress = terminalProgress()
        let first = true
        let failed = 0
        const onPicture = (picture: ReadPicture, total: number) => {
          progress?.stop()
          if ('error' in picture) {
            failed++
            console.error(`owl: ${picture.error.message}\n     ${picture.error.hint}`)
            return
          }
          if (flags.json) console.log(JSON.stringify(picture))
          else if (!flags.out || flags.text) {
            if (total > 1 && !flags.text) console.log(`${first ? '' : '\n'}== ${picture.path}`)
            if (picture.text) console.log(picture.text)
          }
          first = false
        }
        try {
          const { read, skipped } = await readAll(paths, reading, {
            signal,
            onPicture,
            onProgress: (step) => progress?.show(step),
            out: flags.out,
            recursive: flags.recursive,
          })
          progress?.stop()
          if (flags.out) console.error(`${read} read, ${skipped} were there already, ${failed} failed.`)
          if (failed > 0) process.exitCode = 1
        } finally {
          progress?.stop()
          await reading.close()
        }
      }),
    )
}
