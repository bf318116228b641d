import { Command } from 'commander'
import type { DeviceInfo } from '../core/devices.ts'
import { runAction } from './run-action.ts'

export function devicesCommand(): Command {
  return new Command('devices')
    .description('show what models can run on here, tried out')
    .option('--again', 'try every device anew, instead of once for each version of its driver')
    .option('--json', 'print them as one array')
    .action((flags: { again?: boolean; json?: boolean }) =>
      runAction(async () => {
        const { openDevices } = await import('./open-models.ts')
        const devices = openDevices()
        const list = await devices.list({ again: flags.again ?? false })
        if (flags.json) return console.log(JSON.stringify(list, null, 2))
        const auto = await devices.choose('auto')
        for (const info of list) for (const line of lines(info, info.device === auto.device)) console.log(line)
      }),
    )
    .addHelpText(
      'after',
      `
Each device runs a small model in a process of its own, and what it computes is compared with the processor's.
The one marked * is what "--device auto" takes.`,
    )
}

function lines(
  {
    device,
    title,
    adapter,
    works,
    software,
    numbers,
    speedup,
    longAttention,
    largestTensor,
    runs,
    problem,
  }: DeviceInfo,
  best: boolean,
) {
  const head = `${best ? '*' : ' '} ${device.padEnd(7)} ${adapter ? `${adapter.name} (${title})` : title}`
  if (!works) return [head, `            does not work: ${problem?.split('\n')[0]}`]
  if (device === 'cpu') return [head]
  const details = [
    software ? 'a software driver: it computes on the processor' : undefined,
    `computes in ${numbers.join(' and ')}`,
    `${speedup.toPrecision(2)} times as fast as the processor at a product of matrices`,
    runs === 'pictures' ? 'for pictures only: the text is written by the processor' : undefined,
    longAttention ? undefined : 'reads a prompt in small parts: attention of many rows at once is wrong there',
    largestTensor > 0 ? `holds a tensor of ${largestTensor / 2 ** 20} MiB, of those tried up to 1024` : undefined,
    adapter?.memoryBytes ? `${(adapter.memoryBytes / 2 ** 30).toFixed(1)} GiB of memory` : undefined,
    adapter?.driver ? `driver ${adapter.driver}` : undefined,
  ]
  return [head, ...details.flatMap((text) => (text ? [`            ${text}`] : []))]
}
