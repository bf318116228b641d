import { Argument, Command, Option } from 'commander'
import { numberBetween } from './option-values.ts'
import { runAction } from './run-action.ts'

export function modelsCommand(): Command {
  return new Command('models')
    .description('list, install, verify and remove models')
    .addCommand(listCommand())
    .addCommand(addCommand())
    .addCommand(pauseCommand())
    .addCommand(resumeCommand())
    .addCommand(verifyCommand())
    .addCommand(repairCommand())
    .addCommand(deviceCommand())
    .addCommand(removeCommand())
    .addCommand(exportCommand())
    .addCommand(importCommand())
    .addCommand(tokenCommand())
    .addHelpText(
      'after',
      `
Examples:
  owl models list
  owl models add MAGAer13/mplug-owl2-llama2-7b --plan
  owl models add ~/checkpoints/mplug-owl2-llama2-7b
  owl models verify owl-mini
  owl models remove mplug-owl2-llama2-7b`,
    )
}

const open = async (settings?: { endpoint?: string; bandwidth?: number }) =>
  (await import('./open-model-store.ts')).openModelStore(settings)
const shown = async () => import('./model-lines.ts')

function listCommand(): Command {
  return new Command('list')
    .description('show the models on this machine, and those that are being installed')
    .option('--json', 'print them as one array')
    .action((flags: { json?: boolean }) =>
      runAction(async () => {
        const { library, installs } = await open()
        const [models, under] = [await library.list(), await installs.states()]
        if (flags.json) return console.log(JSON.stringify([...models, ...under], null, 2))
        console.log((await shown()).modelList(models, under))
      }),
    )
}

interface AddFlags {
  name?: string
  revision?: string
  precision: 'int4' | 'mixed' | 'int8' | 'f16'
  device?: 'gpu' | 'cpu'
  hub?: string
  limit?: number
  deleteUsed?: boolean
  acceptLicence?: boolean
  plan?: boolean
}

function addCommand(): Command {
  return new Command('add')
    .description('install a checkpoint of the mPLUG-Owl2 architecture')
    .argument('<source>', 'repository on the hub (OWNER/NAME), or folder with config.json and weight files')
    .option('--name <name>', 'name of the installed model (default: that of the source)')
    .option('--revision <revision>', 'branch, tag or commit of the repository')
    .addOption(
      new Option('--precision <precision>', 'how finely weights are kept; int4 is the smallest and fastest')
        .choices(['int4', 'mixed', 'int8', 'f16'])
        .default('int4'),
    )
    .addOption(
      new Option('--device <device>', 'where this model runs (default: as all models)').choices(['gpu', 'cpu']),
    )
    .option('--hub <address>', 'address of the hub or a mirror')
    .option('--limit <mb>', 'most megabytes a second that the download takes', numberBetween(0, 1e6))
    .option('--delete-used', 'delete each downloaded file once it is converted: needs less of the disk')
    .option('--accept-licence', 'accept the licence of the weights, where it has to be')
    .option('--plan', 'say what it would take, and do nothing')
    .action((source: string, flags: AddFlags) =>
      runAction(async (signal) => {
        const { sourceNamed } = await import('./open-model-store.ts')
        const { installs } = await open({ endpoint: flags.hub, bandwidth: flags.limit })
        const wish = {
          source: await sourceNamed(source, flags.revision),
          name: flags.name,
          precision: flags.precision,
          device: flags.device,
          deleteUsed: flags.deleteUsed ?? false,
          acceptLicence: flags.acceptLicence ?? false,
        }
        if (flags.plan) return console.log((await shown()).planLines(await installs.plan(wish, signal)))
        if (wish.source.kind === 'hub') console.error((await shown()).planLines(await installs.plan(wish, signal)))
        const { name } = await installs.add(wish, signal)
        await install(installs, name, signal)
      }),
    )
}

async function install(
  installs: Awaited<ReturnType<typeof open>>['installs'],
  name: string,
  signal: AbortSignal,
): Promise<void> {
  const { withProgress } = await import('./terminal-progress.ts')
  await withProgress((onProgress) => installs.run(name, { signal, onProgress }))
  console.log(`Installed ${name}. Ask it with: owl ask --model ${name} "..."`)
}

function pauseCommand(): Command {
  return new Command('pause')
    .description('stop an installation, whichever program runs it; what is done is kept')
    .argument('<name>')
    .action((name: string) =>
      runAction(async () => {
        await (await open()).installs.pause(name)
        console.log(`Paused ${name}. Continue it with: owl models resume ${name}`)
      }),
    )
}

function resumeCommand(): Command {
  return new Command('resume')
    .description('continue an installation that was paused, stopped or killed')
    .argument('<name>')
    .action((name: string) => runAction(async (signal) => install((await open()).installs, name, signal)))
}

function verifyCommand(): Command {
  return new Command('verify')
    .description('compare every file of a model with its checksum, and its answers with what they were')
    .argument('<name>')
    .option('--json', 'print what was found as one object')
    .action((name: string, flags: { json?: boolean }) =>
      runAction(async (signal) => {
        const { OwlError } = await import('../../native-models/owl-error.ts')
        const { withProgress } = await import('./terminal-progress.ts')
        const { care, library } = await open()
        const found = await withProgress((onProgress) => care.verify(name, { signal, onProgress }))
        if (found.damage.length > 0) {
          const list = found.damage.map(({ path, problem }) => `${path} (${problem})`).join(', ')
          throw new OwlError('model-damaged', `Files of ${name} are not as they were installed: ${list}.`)
        }
        const { modelAgreement } = await import('../core/model-agreement.ts')
        const folder = await library.folder(name)
        const agreement = await withProgress((onProgress) => modelAgreement(folder, { signal, onProgress }))
        if (flags.json) return console.log(JSON.stringify({ ...found, agreement }, null, 2))
        console.log(`${name} is whole.`)
        const { answerLine, agreementLine } = await shown()
        for (const line of [answerLine(found.answer), agreementLine(agreement)]) if (line) console.log(line)
      }),
    )
}

function repairCommand(): Command {
  return new Command('repair')
    .description('make the damaged files of a model anew from where it came from')
    .argument('<name>')
    .action((name: string) =>
      runAction(async (signal) => {
        const { installs, library } = await open()
        await installs.noteRepair(await library.manifest(name))
        await install(installs, name, signal)
      }),
    )
}

function deviceCommand(): Command {
  return new Command('device')
    .description('say where a model runs from its next load on')
    .argument('<name>')
    .addArgument(new Argument('<device>', '"auto" is as all models').choices(['auto', 'gpu', 'cpu']))
    .action((name: string, device: 'auto' | 'gpu' | 'cpu') =>
      runAction(async () => {
        await (await open()).care.setDevice(name, device === 'auto' ? undefined : device)
        console.log(
          `${name} runs ${device === 'auto' ? 'where all models do' : `on the ${device === 'gpu' ? 'GPU' : 'processor'}`}.`,
        )
      }),
    )
}

function removeCommand(): Command {
  return new Command('remove')
    .description('remove a model, or what an installation has written, from the disk')
    .argument('<name>')
    .action((name: string) =>
      runAction(async () => {
        await (await open()).care.remove(name)
        console.log(`Removed ${name}.`)
      }),
    )
}

function exportCommand(): Command {
  return new Command('export')
    .description('copy an installed model into one file or a folder, to be imported on another machine')
    .argument('<name>')
    .argument('<target>', 'a file that ends in .zip, or a folder')
    .action((name: string, target: string) =>
      runAction(async (signal) => {
        const { withProgress } = await import('./terminal-progress.ts')
        const { care } = await open()
        const written = await withProgress((onProgress) => care.export(name, target, { signal, onProgress }))
        console.log(`Exported to ${written}.`)
      }),
    )
}

function importCommand(): Command {
  return new Command('import')
    .description('take in a model that was exported')
    .argument('<path>', 'the file, or the folder with manifest.json')
    .action((path: string) =>
      runAction(async (signal) => {
        const { withProgress } = await import('./terminal-progress.ts')
        const { care } = await open()
        const { name } = await withProgress((onProgress) => care.import(path, { signal, onProgress }))
        console.log(`Imported ${name}. Ask it with: owl ask --model ${name} "..."`)
      }),
    )
}

function tokenCommand(): Command {
  return new Command('token')
    .description('keep an access token of the hub, read from standard input, in a file only you can read')
    .option('--remove', 'forget it')
    .action((flags: { remove?: boolean }) =>
      runAction(async () => {
        const { text } = await import('node:stream/consumers')
        const { hubToken } = await import('../core/secret-store.ts')
        const { OwlError } = await import('../../native-models/owl-error.ts')
        const { secrets } = await open()
        if (flags.remove) {
          await secrets.write(hubToken, undefined)
          return console.log('The token is forgotten.')
        }
        if (process.stdin.isTTY) console.error('Paste the token, then press Enter and Ctrl-D:')
        const token = (await text(process.stdin)).trim()
        if (!/^\S{4,500}$/.test(token)) throw new OwlError('request-invalid', 'That is no access token.')
        await secrets.write(hubToken, token)
        console.log('The token is kept.')
      }),
    )
}
