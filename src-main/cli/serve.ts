import { once } from 'node:events'
import { Command } from 'commander'
import { type InferenceOptions, inferenceOptions, numberBetween } from './option-values.ts'
import { runAction } from './run-action.ts'

interface ServeFlags extends InferenceOptions {
  port: number
  open?: boolean
}

export function serveCommand(): Command {
  const command = new Command('serve')
    .description('show the window in a browser on this machine')
    .option('-p, --port <n>', 'port on 127.0.0.1; 0 takes a free one', numberBetween(0, 65535, 'integer'), 0)
    .option('--open', 'open the browser')
    .addHelpText(
      'after',
      `
The address holds a secret token; whoever knows it can use the assistant from this machine.
Over SSH: run \`owl serve --port 8700\` there, \`ssh -L 8700:127.0.0.1:8700 HOST\` here, and open the address here.

Examples:
  owl serve --open
  owl serve --port 8700`,
    )
  for (const option of inferenceOptions) command.addOption(option)
  return command.action((flags: ServeFlags) =>
    runAction(async (signal) => {
      const { Assistant } = await import('../core/assistant.ts')
      const { inferenceEntry, rendererFolder } = await import('../core/program-folder.ts')
      const { ForkHost } = await import('../inference/fork-host.ts')
      const { device, threads, loadAnyway: anyway } = flags
      const assistant = new Assistant({ host: new ForkHost(inferenceEntry), device, threads })
      try {
        // A model that cannot be loaded is shown in the window, where another can be chosen.
        assistant.models.load(flags.model, { anyway }).catch(() => {})
        void assistant.installs.resumeAll()
        const { startOpenAiServer } = await import('../server/openai-server.ts')
        assistant.localServer.followSettings((port, key) => startOpenAiServer({ assistant, port, key }))
        const { startBrowserShell } = await import('../server/browser-shell.ts')
        const shell = await startBrowserShell({ assistant, rendererFolder, port: flags.port })
        console.log(`Owl Desktop is at ${shell.url}`)
        if (flags.open) {
          const { default: open } = await import('open')
          await open(shell.url)
        }
        if (!signal.aborted) await once(signal, 'abort')
        await shell.close()
      } finally {
        await assistant.close()
      }
    }),
  )
}
