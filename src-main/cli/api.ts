import { once } from 'node:events'
import { Command } from 'commander'
import { type InferenceOptions, inferenceOptions, numberBetween } from './option-values.ts'
import { runAction } from './run-action.ts'

interface ApiFlags extends InferenceOptions {
  port?: number
  newKey?: boolean
}

export function apiCommand(): Command {
  const command = new Command('api')
    .description('let other programs ask, in the form of OpenAI')
    .option(
      '-p, --port <n>',
      'port on 127.0.0.1; 0 takes a free one (default: as in the settings)',
      numberBetween(0, 65535, 'integer'),
    )
    .option('--new-key', 'make a new key; the old one is refused from then on')
    .addHelpText(
      'after',
      `
Prints the address and the key that programs need, and runs until Ctrl-C.

Examples:
  owl api
  curl http://127.0.0.1:11535/v1/models -H "Authorization: Bearer KEY"`,
    )
  for (const option of inferenceOptions) command.addOption(option)
  return command.action((flags: ApiFlags) =>
    runAction(async (signal) => {
      const { Assistant } = await import('../core/assistant.ts')
      const { addressOf } = await import('../core/local-server.ts')
      const { inferenceEntry } = await import('../core/program-folder.ts')
      const { ForkHost } = await import('../inference/fork-host.ts')
      const { startOpenAiServer } = await import('../server/openai-server.ts')
      const { device, threads, model, loadAnyway: anyway } = flags
      const assistant = new Assistant({ host: new ForkHost(inferenceEntry), device, threads })
      const { localServer, settings } = assistant
      try {
        const key = await (flags.newKey ? localServer.newKey() : localServer.key())
        const port = flags.port ?? settings.get('server.port')
        const server = await startOpenAiServer({ assistant, port, key: () => localServer.key() })
        try {
          console.log(`Address: ${addressOf(server.port)}\nKey: ${key}`)
          // What is asked meanwhile waits for it.
          await assistant.models.load(model, { anyway, signal })
          if (!signal.aborted) await once(signal, 'abort')
        } finally {
          await server.close()
        }
      } finally {
        await assistant.close()
      }
    }),
  )
}
