import { Command } from 'commander'
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

interface ChatFlags extends InferenceOptions, SamplingFlags, TextFlags {
  system?: string
}

export function chatCommand(): Command {
  const command = new Command('chat')
    .description('have a conversation about pictures in the terminal')
    .argument('[pictures...]', 'pictures to begin with')
    .option('-s, --system <text>', 'instructions that go before the conversation')
    .addHelpText(
      'after',
      `
In the conversation:
  /picture PATH   add a picture to the next question
  /new            begin anew
  /quit           leave (so does Ctrl-D)
  Ctrl-C          stops an answer

Examples:
  owl chat screenshot.png
  owl chat --temperature 0.7 --seed 1`,
    )
  for (const option of [textOption, ...inferenceOptions, ...samplingOptions]) command.addOption(option)
  return command.action((pictures: string[], flags: ChatFlags) =>
    runAction(async (signal) => {
      const { openModels } = await import('./open-models.ts')
      const models = openModels(flags, true)
      const { QuestionReading } = await import('./question-reading.ts')
      const reading = new QuestionReading(flags)
      try {
        const { Conversation } = await import('./conversation.ts')
        const { readPictures } = await import('./read-pictures.ts')
        const seen = readPictures(pictures, signal)
        seen.then((first) => reading.begin(first)).catch(() => {})
        const [first] = await Promise.all([seen, models.load(flags.model, { signal })])
        await new Conversation(models, reading, sampling(flags), flags.system).run(first, signal)
      } finally {
        await Promise.all([models.close(), reading.close()])
      }
    }),
  )
}
