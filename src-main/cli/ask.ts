import { existsSync } from 'node:fs'
import { extname } from 'node:path'
import { Command } from 'commander'
import { OwlError } from '../../native-models/owl-error.ts'
import type { Progress } from '../../native-models/progress.ts'
import {
  type InferenceOptions,
  inferenceOptions,
  type SamplingFlags,
  sampling,
  samplingOptions,
  type TextFlags,
  textOption,
} from './option-values.ts'
import { runAction } from './run-action.ts'

interface AskFlags extends InferenceOptions, SamplingFlags, TextFlags {
  system?: string
  json?: boolean
}

export function askCommand(): Command {
  const command = new Command('ask')
    .description('ask a question about pictures, or any question')
    .usage('[options] [PICTURE...] "question"')
    .argument('<words...>', 'pictures, then the question; `-` reads a picture from standard input')
    .option('-s, --system <text>', 'instructions that go before the question')
    .option('--json', 'print one object with the answer, text that was given, tokens, times and device')
    .addHelpText(
      'after',
      `
Examples:
  owl ask dialog.png "What does the dialog say?"
  owl ask before.png after.png "What changed?"
  owl ask "What is an owl?"
  import -window root png:- | owl ask - "Which window is in front?"
  owl ask chart.png "Which bar is largest?" --json`,
    )
  for (const option of [textOption, ...inferenceOptions, ...samplingOptions]) command.addOption(option)
  return command.action((words: string[], flags: AskFlags) =>
    runAction(async (signal) => {
      const { names, question } = split(words)
      const { openModels } = await import('./open-models.ts')
      const models = openModels(flags, false)
      const { QuestionReading } = await import('./question-reading.ts')
      const reading = new QuestionReading(flags)
      const { terminalProgress } = await import('./terminal-progress.ts')
      const progress = terminalProgress()
      const onProgress = (step: Progress) => progress?.show(step)
      try {
        const { readPictures } = await import('./read-pictures.ts')
        // The model loads meanwhile; whichever fails first is told.
        const seen = readPictures(names, signal)
        seen.then((pictures) => reading.begin(pictures)).catch(() => {})
        const [pictures] = await Promise.all([seen, models.load(flags.model, { signal, onProgress })])
        const { systemMessage, userMessage } = await import('../core/messages.ts')
        const asked = [...(flags.system ? [systemMessage(flags.system)] : []), userMessage(pictures, question)]
        const { messages, given } = await reading.aid(asked, models, signal)
        // What is late would take the processor from the answer.
        void reading.close()
        const onText = (text: string) => {
          progress?.stop()
          if (!flags.json) process.stdout.write(text)
        }
        const result = await models.generate({ messages, sampling: sampling(flags) }, { signal, onProgress, onText })
        progress?.stop()
        if (flags.json) console.log(JSON.stringify({ model: models.state, read: given, ...result }, null, 2))
        else process.stdout.write('\n')
      } finally {
        progress?.stop()
        await Promise.all([models.close(), reading.close()])
      }
    }),
  )
}

/** Pictures, and the question after them. @throws OwlError `usage` where that is not what the words are */
function split(words: readonly string[]): { names: string[]; question: string } {
  const names = words.slice(0, -1)
  const question = words.at(-1) ?? ''
  const hint = 'The question comes last, in quotes: owl ask dialog.png "What does it say?"'
  if (question.trim() === '' || existsSync(question)) throw new OwlError('usage', 'No question was given.', { hint })
  const missing = names.find((name) => name !== '-' && extname(name) === '' && !existsSync(name))
  if (missing !== undefined) throw new OwlError('usage', `There is no picture named "${missing}".`, { hint })
  return { names, question }
}
