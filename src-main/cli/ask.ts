import { Command } from 'commander'
import type { Message } from '../inference/protocol.ts'
import {
  type InferenceOptions,
  inferenceOptions,
  type SamplingFlags,
  sampling,
  samplingOptions,
} from './option-values.ts'
import { runAction } from './run-action.ts'

interface AskFlags extends InferenceOptions, SamplingFlags {
  system?: string
  json?: boolean
}

export function askCommand(): Command {
  const command = new Command('ask')
    .description('ask a question about pictures, or any question')
    .usage('[options] [PICTURE...] "question"')
    .argument('<words...>', 'pictures, then the question; `-` reads a picture from standard input')
    .option('-s, --system <text>', 'instructions that go before the question')
    .option('--json', 'print one object with the answer, tokens, times and device')
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
  for (const option of [...inferenceOptions, ...samplingOptions]) command.addOption(option)
  return command.action((words: string[], flags: AskFlags) =>
    runAction(async (signal) => {
      const { openAssistant } = await import('./open-assistant.ts')
      const assistant = openAssistant(flags)
      try {
        const question = words.at(-1)!
        const { readPictures } = await import('./read-pictures.ts')
        // The model loads meanwhile; whichever fails first is told.
        const [pictures] = await Promise.all([
          readPictures(words.slice(0, -1), signal),
          assistant.models.load(flags.model, { signal }),
        ])
        const messages: Message[] = [
          {
            role: 'user',
            parts: [
              ...pictures.map((picture) => ({ type: 'picture' as const, picture })),
              { type: 'text', text: question },
            ],
          },
        ]
        if (flags.system) messages.unshift({ role: 'system', parts: [{ type: 'text', text: flags.system }] })
        const result = await assistant.models.generate(
          { messages, sampling: sampling(flags) },
          { signal, onText: (text) => void (flags.json || process.stdout.write(text)) },
        )
        if (flags.json) console.log(JSON.stringify({ model: assistant.models.state, ...result }, null, 2))
        else process.stdout.write('\n')
      } finally {
        await assistant.close()
      }
    }),
  )
}
