import { mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import type { NumberType } from '../../native-models/onnx/device-operators.ts'
import { OwlError } from '../../native-models/owl-error.ts'
import type { ProcessHost } from '../inference/process-host.ts'
import {
  type Device,
  type Execution,
  type GpuProvider,
  gpuProviders,
  largestTriedTensor,
  providers,
} from '../inference/providers.ts'
import { appInfo } from './app-info.ts'
import type { DeviceChoice } from './device-choice.ts'
import { KeptProbes, type Probe, probe } from './device-probes.ts'
import { driverVersions, type GraphicsAdapter, graphicsAdapters } from './graphics-adapters.ts'

/** A device as people see it. */
export interface DeviceInfo {
  device: Device
  title: string
  /** The adapter behind it, where the system names one. */
  adapter?: GraphicsAdapter
  works: boolean
  /** A driver that computes on the processor and only pretends to be a GPU. */
  software: boolean
  /** Numbers that it computes with rightly, the preferred ones first. */
  numbers: NumberType[]
  /** How many times as fast as the processor it multiplied matrices. */
  speedup: number
  /** Whether attention of many rows at once is right there; if not, a prompt is read in smaller parts. */
  longAttention: boolean
  /** Bytes of the largest tensor that was made there, of those tried up to 1 GiB; 0 where none was tried. */
  largestTensor: number
  runs: 'everything' | 'pictures'
  /** Why it does not work. */
  problem?: string
}

export type ChosenDevice = Pick<Execution, 'device' | 'numbers' | 'longAttention'>

export const processor: ChosenDevice = { device: 'cpu', numbers: 'float32', longAttention: true }

export interface DevicesOptions {
  /** Starts the processes in which devices are tried. */
  host: ProcessHost
  /** Where outcomes are kept. */
  file: string
  timeoutMs?: number
  /** For tests: the adapters that the system names. */
  adapters?: () => Promise<GraphicsAdapter[]>
}

/** Below this a GPU is not worth its memory and its risks, and no software driver comes near it. */
const worthwhileSpeedup = 1.2

/** What models can run on here: the processor, and GPUs that have shown that they compute rightly. */
export class Devices {
  readonly #options: DevicesOptions
  readonly #kept: KeptProbes
  #listing: Promise<DeviceInfo[]> | undefined
  #foundAdapters: Promise<GraphicsAdapter[]> | undefined

  constructor(options: DevicesOptions) {
    this.#options = options
    this.#kept = new KeptProbes(options.file)
  }

  /**
   * The processor first, then the providers of this platform, whether they work or not. Probes them where that has not
   * been done with these drivers, one after the other.
   * @param again probes in any case
   */
  list({ again = false } = {}): Promise<DeviceInfo[]> {
    if (again || !this.#listing) {
      const listing = this.#list(again)
      listing.catch(() => {
        if (this.#listing === listing) this.#listing = undefined
      })
      this.#listing = listing
    }
    return this.#listing
  }

  /**
   * What a choice stands for. `auto` is a GPU where a real one runs everything and is faster than the processor;
   * `gpu` is the best that works, and never the processor.
   * @throws OwlError `device-unavailable`
   */
  async choose(choice: DeviceChoice): Promise<ChosenDevice> {
    if (choice === 'cpu') return processor
    // Without an adapter there is nothing but a software driver to be found.
    if (choice === 'auto' && (await this.#adapters()).length === 0) return processor
    const devices = (await this.list()).filter(({ device }) => device !== 'cpu')
    if (choice === 'auto') {
      const best = devices.find(
        ({ works, software, runs, speedup }) =>
          works && !software && runs === 'everything' && speedup >= worthwhileSpeedup,
      )
      return best ? asChosen(best) : processor
    }
    const candidates = choice === 'gpu' ? devices : devices.filter(({ device }) => device === choice)
    const chosen = candidates.find(({ works }) => works)
    if (chosen) return asChosen(chosen)
    const why = candidates.map(({ title, problem }) => `${title}: ${problem}`).join('; ')
    throw new OwlError('device-unavailable', why || `This computer's version of the program has no ${choice}.`)
  }

  /** Memory of the fastest adapter's own, in bytes; 0 where it shares the computer's or the system does not tell. */
  async ownMemory(): Promise<number> {
    return (await this.#adapters())[0]?.memoryBytes ?? 0
  }

  /** Bytes of the largest tensor that a device was seen to hold; undefined where it held all that were tried, or none was. */
  async largestTensor(device: Device): Promise<number | undefined> {
    const held = (await this.list()).find((info) => info.device === device)?.largestTensor ?? 0
    return held > 0 && held < largestTriedTensor ? held : undefined
  }

  async #list(again: boolean): Promise<DeviceInfo[]> {
    const { file } = this.#options
    const adapters = await this.#adapters()
    const key = JSON.stringify([appInfo.version, runtimeVersion(), await driverVersions(adapters)])
    let probes = again ? undefined : await this.#kept.read(key)
    if (!probes) {
      probes = await this.#probe()
      await mkdir(dirname(file), { recursive: true }).catch(() => {})
      await this.#kept.write(key, probes)
    }
    const present = gpuProviders.filter((device) => providers[device].platforms.includes(process.platform))
    return [
      {
        device: 'cpu',
        title: 'Processor',
        works: true,
        software: false,
        numbers: ['float32'],
        speedup: 1,
        longAttention: true,
        largestTensor: 0,
        runs: 'everything',
      },
      ...present.map((device) => infoOf(device, probes, adapters[0])),
    ]
  }

  #adapters(): Promise<GraphicsAdapter[]> {
    this.#foundAdapters ??= (this.#options.adapters ?? graphicsAdapters)()
    return this.#foundAdapters
  }

  async #probe(): Promise<Record<string, Probe>> {
    const { host, timeoutMs } = this.#options
    const probes: Record<string, Probe> = {}
    for (const device of gpuProviders) {
      if (!providers[device].platforms.includes(process.platform)) continue
      // Each in a process of its own: where half floats take the process down, whole ones may still work.
      for (const numbers of ['float32', 'float16'] as const) {
        probes[`${device} ${numbers}`] = await probe(host, device, numbers, timeoutMs)
        if (!probes[`${device} ${numbers}`]!.works) break
      }
    }
    return probes
  }
}

function infoOf(device: GpuProvider, probes: Record<string, Probe>, adapter: GraphicsAdapter | undefined): DeviceInfo {
  const { title, runs } = providers[device]
  const [full, half] = [probes[`${device} float32`], probes[`${device} float16`]]
  const works = full?.works ?? false
  return {
    device,
    title,
    ...(works && adapter ? { adapter } : {}),
    works,
    // What is far slower than the processor is the processor.
    software: works && full!.speedup < (adapter ? 0.25 : 1),
    // Half numbers come last: their answers have not been held against the reference on a real GPU.
    numbers: [...(works ? (['float32'] as const) : []), ...(half?.works ? (['float16'] as const) : [])],
    speedup: full?.speedup ?? 0,
    longAttention: full?.longAttention ?? false,
    largestTensor: full?.largestTensor ?? 0,
    runs,
    ...(works ? {} : { problem: full?.problem ?? 'it was not tried' }),
  }
}

function asChosen({ device, numbers, longAttention }: DeviceInfo): ChosenDevice {
  return { device, numbers: numbers[0]!, longAttention }
}

function runtimeVersion(): string {
  return createRequire(import.meta.url)('onnxruntime-node/package.json').version
}
