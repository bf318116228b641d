import { extname, resolve } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import { OwlError } from '../../native-models/owl-error.ts'
import { type CaptionSettings, captionSettingsSchema } from '../core/captions/caption-settings.ts'
import type { CaptionJob, Captions } from '../core/captions/captions.ts'
import { type InferenceOptions, inferenceOptions, numberBetween } from './option-values.ts'
import { runAction } from './run-action.ts'

type CaptionFlags = InferenceOptions &
  Omit<CaptionSettings, 'forbidden' | 'table'> & { forbid: string[]; to?: string; anew?: boolean; json?: boolean }

/** Failures named one by one; a folder of text files called .png must not fill the screen. */
const failuresShown = 20

const { shape } = captionSettingsSchema

export function captionCommand(): Command {
  const command = new Command('caption')
    .description('write a caption for every picture of a folder, into a text file beside it')
    .argument('<paths...>', 'folders and files')
    .addOption(choice('-s, --style <style>', 'what a caption is like', shape.style))
    .addOption(templateOption('-p, --prompt <template>', 'what the model is asked', 'by the style'))
    .option('--no-with-text', 'do not give the model what is written in the picture')
    .addOption(templateOption('--prefix <template>', 'put before each caption', 'none'))
    .addOption(templateOption('--suffix <template>', 'put after each caption', 'none'))
    .option('-l, --length <n>', 'most words, or most tags; 0 is off', numberBetween(0, 1000, 'integer'), 0)
    .addOption(
      new Option('--forbid <words>', 'words or a phrase that no caption holds; may be repeated')
        .argParser((words: string, before: string[]) => [...before, words])
        .default([], 'none'),
    )
    .addOption(choice('-e, --existing <what>', 'what becomes of captions that are there', shape.existing))
    .addOption(choice('-o, --output <form>', 'a file beside each picture, or a table for the folder', shape.output))
    .option('--to <file>', 'write the table here instead: captions.csv, captions.jsonl')
    .addOption(
      new Option('--extension <ending>', 'of the files beside the pictures').argParser(parseExtension).default('.txt'),
    )
    .option('--no-recursive', 'leave out folders inside of the folder')
    .addOption(choice('--videos <what>', 'caption videos, too: whole, or their scenes as SRT and WebVTT', shape.videos))
    .option('-n, --max-tokens <n>', 'longest answer', numberBetween(1, 4096, 'integer'), 256)
    .option('--anew', 'begin a new job where an unfinished one could be continued')
    .option('--json', 'print the outcome as one object')
    .addHelpText(
      'after',
      `
Templates may hold {name}, {file}, {extension}, {directory}, {path}, {width}, {height} and {text}, what is written in
the picture; {{ is a brace. With --style text that alone is the caption, and no model is asked.
A run that was stopped, by whatever, goes on with the same command: nothing is lost and nothing done twice.
Tables are captions.jsonl, captions.csv, and metadata.jsonl (the form of Hugging Face's ImageFolder).

Examples:
  owl caption ~/Pictures
  owl caption photos --style tags --prefix "{directory}, " --forbid blurry
  owl caption photos --output imagefolder --existing overwrite
  owl caption clips --videos scenes
  owl caption receipts --style text --output csv
  owl caption /media/cdrom --to ~/captions.csv
  owl caption photos --no-with-text
  owl caption screens --prompt "Describe the window. Its text: {text}"`,
    )
  for (const option of inferenceOptions) command.addOption(option)
  return command.action((paths: string[], flags: CaptionFlags) =>
    runAction(async (signal) => {
      const sources = paths.map((path) => resolve(path))
      const settings = captionSettingsSchema.parse({ ...flags, ...tableOf(flags), forbidden: flags.forbid })
      const { openModels } = await import('./open-models.ts')
      const { openDatabase } = await import('./open-database.ts')
      const { Captions } = await import('../core/captions/captions.ts')
      const { CaptionStore } = await import('../storage/caption-store.ts')
      const { Reading } = await import('../core/reading.ts')
      const { inferenceEntry } = await import('../core/program-folder.ts')
      const { ForkHost } = await import('../inference/fork-host.ts')
      const { TerminalProgress } = await import('./terminal-progress.ts')
      const models = openModels(flags, true)
      const reading = new Reading({ host: new ForkHost(inferenceEntry), threads: flags.threads })
      const progress = new TerminalProgress()
      const database = await openDatabase()
      try {
        const captions = new Captions(new CaptionStore(database), models, { reading })
        const unfinished = flags.anew ? undefined : captions.unfinished(sources, settings)
        const job = unfinished ?? captions.add(sources, settings)
        if (unfinished) console.error('Going on with the job that was not finished.')
        captions.onChange(() => showProgress(captions.job(job), progress))
        // Nothing to be captioned needs no model; a model that fails to load is told by the first picture.
        if (settings.style !== 'text') {
          models.load(flags.model, { signal, onProgress: (step) => progress.show(step) }).catch(() => {})
        }
        await captions.work(job, signal).finally(() => {
          progress.stop()
          if (signal.aborted) console.error('Stopped. The same command goes on from here.')
        })
        report(captions, captions.job(job), flags.json ?? false)
      } finally {
        progress.stop()
        await Promise.all([models.close(), reading.close()])
        database.close()
      }
    }),
  )
}

/** A table elsewhere has the form that its ending tells, or the one that was chosen. */
function tableOf({ to, output }: CaptionFlags): Pick<CaptionSettings, 'output' | 'table'> {
  if (to === undefined) return { output, table: '' }
  const form = ({ '.csv': 'csv', '.jsonl': 'jsonl' } as const)[extname(to).toLowerCase()]
  const isSidecar = output === 'sidecar'
  if (isSidecar && !form) {
    throw new OwlError('usage', `What ${to} is to be cannot be told from its ending.`, {
      hint: 'Name it .csv or .jsonl, or give --output as well.',
    })
  }
  return { output: isSidecar ? form! : output, table: resolve(to) }
}

function showProgress(
  { counts, isListed, perSecond, secondsLeft }: CaptionJob,
  progress: import('./terminal-progress.ts').TerminalProgress,
): void {
  const all = Object.values(counts).reduce((sum, n) => sum + n, 0)
  if (!isListed) {
    progress.show({ stage: 'listing', done: all, total: 0, unit: 'items' })
    return
  }
  const note = perSecond > 0 ? `${perSecond.toPrecision(3)}/s, ${duration(secondsLeft ?? 0)} left` : ''
  progress.show({ stage: 'captioning', done: all - counts.waiting, total: all, unit: 'items' }, note)
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`
  return `${(seconds / 3600).toFixed(1)} h`
}

function report(captions: Captions, job: CaptionJob, asJson: boolean): void {
  const { written, skipped, failed } = job.counts
  if (failed > 0) process.exitCode = 1
  const { items } = captions.items(job.id, { states: ['failed'], text: '' }, 0, asJson ? failed : failuresShown)
  const failures = items.map(({ path, error }) => ({ path, ...error }))
  if (asJson) {
    console.log(JSON.stringify({ captioned: written, skipped, failed, failures }, null, 2))
    return
  }
  for (const { path, message, hint } of failures) console.error(`${path}\n  ${message} ${hint}`)
  if (failed > failures.length) console.error(`... and ${failed - failures.length} more; --json tells all of them.`)
  console.log(`${written} captioned, ${skipped} had a caption already, ${failed} failed.`)
  if (written > 0) console.log(placeOf(job.settings))
}

/** Where the captions are. */
function placeOf({ output, table, extension }: CaptionSettings): string {
  if (output === 'sidecar') return `Each caption is beside its picture, in a file that ends in ${extension}.`
  return table === '' ? 'They are in a table in each folder.' : `They are in ${table}.`
}

/** An option with the values and the default of a setting. */
function choice(
  flags: string,
  description: string,
  schema: { unwrap(): { options: string[] }; parse(value: undefined): unknown },
): Option {
  return new Option(flags, description).choices(schema.unwrap().options).default(schema.parse(undefined))
}

function templateOption(flags: string, description: string, withoutIt: string): Option {
  return new Option(flags, description)
    .argParser((text: string) => {
      const parsed = shape.prompt.safeParse(text)
      if (!parsed.success) throw new InvalidArgumentError(`${parsed.error.issues[0]?.message}.`)
      return text
    })
    .default('', withoutIt)
}

function parseExtension(text: string): string {
  const extension = text.startsWith('.') ? text : `.${text}`
  if (!shape.extension.safeParse(extension).success)
    throw new InvalidArgumentError('It must be an ending such as .txt.')
  return extension
}
