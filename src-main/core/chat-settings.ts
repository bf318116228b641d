import type { SamplingOptions } from '../inference/protocol.ts'

/** What a person set for one chat, or keeps under a name as a preset. All of it can be left out. */
export interface ChatSettings {
  /** Said to the model before the conversation. */
  systemText?: string
  /** Id of the preset that these came from. */
  presetId?: string
  sampling?: Partial<SamplingOptions>
}
