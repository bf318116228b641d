import { Command } from 'commander'
import { runAction } from './run-action.ts'

export function modelsCommand(): Command {
  return new Command('models')
    .description('list, install, verify and remove models')
    .addCommand(listCommand())
    .addCommand(addCommand())
    .addCommand(verifyCommand())
    .addCommand(removeCommand())
    .addHelpText(
      'after',
      `
Examples:
  owl models list
  owl models add ~/checkpoints/mplug-owl2-llama2-7b
  owl models verify owl-mini
  owl models remove mplug-owl2-llama2-7b`,
    )
}

function listCommand(): Command {
  return new Command('list')
    .description('show the models on this machine')
    .option('--json', 'print them as one array')
    .action((flags: { json?: boolean }) =>
      runAction(async () => {
        const models = await (await installedModels()).list()
        if (flags.json) return console.log(JSON.stringify(models, null, 2))
        if (models.length === 0) return console.log('No model is installed.')
        const width = Math.max(...models.map(({ name }) => name.length))
        for (const { name, title, bytes, embedded } of models) {
          console.log(`${name.padEnd(width)}  ${size(bytes)}  ${title}${embedded ? ' (comes with the program)' : ''}`)
        }
      }),
    )
}

function addCommand(): Command {
  return new Command('add')
    .description('install a checkpoint of the mPLUG-Owl2 architecture')
    .argument('<folder>', 'folder with config.json and weight files')
    .option('--name <name>', 'name of the installed model (default: that of the folder)')
    .action((folder: string, flags: { name?: string }) =>
      runAction(async (signal) => {
        const { resolve } = await import('node:path')
        const { installModel } = await import('../../native-models/install/install-model.ts')
        const { dataFolder } = await import('../core/data-folder.ts')
        const { withProgress } = await import('./terminal-progress.ts')
        const request = { checkpointFolder: resolve(folder), modelsFolder: dataFolder().models, name: flags.name }
        const { name } = await withProgress((onProgress) => installModel(request, { signal, onProgress }))
        console.log(`Installed ${name}. Ask it with: owl ask --model ${name} "..."`)
      }),
    )
}

function verifyCommand(): Command {
  return new Command('verify')
    .description('compare every file of a model with its checksum')
    .argument('<name>')
    .action((name: string) =>
      runAction(async (signal) => {
        const { verifyModel } = await import('../../native-models/install/installed-models.ts')
        const { withProgress } = await import('./terminal-progress.ts')
        const folder = await (await installedModels()).folder(name)
        await withProgress((onProgress) => verifyModel(folder, { signal, onProgress }))
        console.log(`${name} is whole.`)
      }),
    )
}

function removeCommand(): Command {
  return new Command('remove')
    .description('remove an installed model from the disk')
    .argument('<name>')
    .action((name: string) =>
      runAction(async () => {
        const { removeModel } = await import('../../native-models/install/installed-models.ts')
        const { dataFolder } = await import('../core/data-folder.ts')
        await removeModel(dataFolder().models, name)
        console.log(`Removed ${name}.`)
      }),
    )
}

async function installedModels() {
  const { ModelLibrary } = await import('../core/model-library.ts')
  const { dataFolder } = await import('../core/data-folder.ts')
  return new ModelLibrary(dataFolder().models)
}

function size(bytes: number): string {
  const mebibytes = bytes / 2 ** 20
  const text = mebibytes < 1000 ? `${mebibytes.toFixed(0)} MiB` : `${(mebibytes / 1024).toFixed(1)} GiB`
  return text.padStart(8)
}
