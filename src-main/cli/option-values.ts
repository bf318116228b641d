import { InvalidArgumentError, Option } from 'commander'
import type { ReadingMode } from '../core/answer-reading.ts'
import { type DeviceChoice, deviceChoices } from '../core/device-choice.ts'
import type { SamplingOptions } from '../inference/protocol.ts'

/** A number within bounds, as commander wants its parsers; anything else is wrong use. */
export function numberBetween(least: number, most: number, kind: 'integer' | 'real' = 'real') {
  return (text: string): number => {
    const value = Number(text)
    const fits =
      text.trim() !== '' && value >= least && value <= most && (kind === 'real' || Number.isSafeInteger(value))
    if (!fits) {
      const bounds = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`
      throw new InvalidArgumentError(`It must be ${kind === 'integer' ? 'a whole number' : 'a number'} ${bounds}.`)
    }
    return value
  }
}

/** Which model answers, and on what. */
export interface InferenceOptions {
  model?: string
  device: DeviceChoice
  threads: number
  /** Even where memory is short. */
  loadAnyway?: boolean
}

export const inferenceOptions = [
  new Option('-m, --model <name>', 'installed model to ask (default: the one that comes with the program)').env(
    'OWL_MODEL',
  ),
  new Option('--device <device>', 'where the model runs; see `owl devices`').choices(deviceChoices).default('auto'),
  new Option('--threads <n>', 'threads of the processor; 0 leaves it to the runtime')
    .argParser(numberBetween(0, 1024, 'integer'))
    .default(0),
  new Option('--load-anyway', 'load the model even where it will most likely not fit into memory'),
]

export interface TextFlags {
  text?: ReadingMode
}

export const textOption = new Option(
  '--text <when>',
  'whether text read in the pictures goes with a question; "on" waits for all of it (default: as in the settings)',
).choices(['automatic', 'on', 'off'])

/** Flags as they come from commander; `sampling` makes them into what a request takes. */
export type SamplingFlags = Omit<SamplingOptions, 'stopTexts'> & { stop: string[] }

export const samplingOptions = [
  new Option('-t, --temperature <x>', '0 takes the most probable token each time')
    .argParser(numberBetween(0, 5))
    .default(0),
  new Option('--top-k <n>', 'choose among the n most probable tokens; 0 is off')
    .argParser(numberBetween(0, Number.MAX_SAFE_INTEGER, 'integer'))
    .default(0),
  new Option('--top-p <x>', 'choose among tokens that hold this much probability; 1 is off')
    .argParser(numberBetween(Number.MIN_VALUE, 1))
    .default(1),
  new Option('--min-p <x>', 'leave out tokens below this share of the best; 0 is off')
    .argParser(numberBetween(0, 1))
    .default(0),
  new Option('--repetition-penalty <x>', '1 is off').argParser(numberBetween(0.5, 2)).default(1),
  new Option('--seed <n>', 'with the same seed a question that is asked again draws the same').argParser(
    numberBetween(0, Number.MAX_SAFE_INTEGER, 'integer'),
  ),
  new Option('-n, --max-tokens <n>', 'longest answer').argParser(numberBetween(1, 100_000, 'integer')).default(512),
  new Option('--stop <text>', 'end the answer before this text; may be repeated')
    .argParser((text: string, before: string[]) => {
      if (!text) throw new InvalidArgumentError('It must not be empty.')
      return [...before, text]
    })
    .default([], 'none'),
]

export function sampling(flags: SamplingFlags) {
  const { temperature, topK, topP, minP, repetitionPenalty, seed, maxTokens, stop } = flags
  return { temperature, topK, topP, minP, repetitionPenalty, seed, maxTokens, stopTexts: stop }
}
