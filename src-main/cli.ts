#!/usr/bin/env node
import { Command, CommanderError } from 'commander'
import { apiCommand } from './cli/api.ts'
import { askCommand } from './cli/ask.ts'
import { benchCommand } from './cli/bench.ts'
import { captionCommand } from './cli/caption.ts'
import { chatCommand } from './cli/chat.ts'
import { completionCommand } from './cli/completion.ts'
import { devicesCommand } from './cli/devices.ts'
import { evaluateCommand } from './cli/evaluate.ts'
import { modelsCommand } from './cli/models.ts'
import { readCommand } from './cli/read.ts'
import { exitCodes } from './cli/run-action.ts'
import { serveCommand } from './cli/serve.ts'
import { videoCommand } from './cli/video.ts'
import { appInfo } from './core/app-info.ts'

/**
 * Entry of `owl`: the assistant without windows. Commands import what they need when they run, so that help is
 * there at once and a model begins to load early.
 */
const program = new Command('owl')
  .description('Ask about pictures on this machine, in private: the mPLUG-Owl2 model in a terminal.')
  .version(appInfo.version)
  .configureHelp({ showGlobalOptions: false, subcommandTerm: (command) => command.name() })
program.addCommand(askCommand())
program.addCommand(chatCommand())
program.addCommand(videoCommand())
program.addCommand(captionCommand())
program.addCommand(readCommand())
program.addCommand(modelsCommand())
program.addCommand(devicesCommand())
program.addCommand(serveCommand())
program.addCommand(apiCommand())
program.addCommand(evaluateCommand())
program.addCommand(benchCommand())
program.addCommand(completionCommand(program))
program.addHelpText(
  'after',
  `
Examples:
  owl ask dialog.png "What does the dialog say?"
  owl video clip.mp4 "What happens?"
  owl caption ~/Pictures
  owl serve --open
  owl ask --help

Exit codes: 0 done, 1 failed, 2 wrong use, 130 stopped with Ctrl-C.
OWL_DATA_DIR names the folder of models and attachments; OWL_MODEL the model to load.`,
)

/** Commander would end the process itself, with 1 for wrong use. */
function keepExitCodes(command: Command): void {
  command.exitOverride().showHelpAfterError(`(see \`${fullName(command)} --help\`)`)
  for (const nested of command.commands) keepExitCodes(nested)
}

function fullName(command: Command): string {
  return command.parent ? `${fullName(command.parent)} ${command.name()}` : command.name()
}

// A reader that has seen enough (`owl ... | head`) is no fault of the command.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})
keepExitCodes(program)
try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  process.exitCode = error.exitCode === 0 ? 0 : exitCodes.wrongUse
}
