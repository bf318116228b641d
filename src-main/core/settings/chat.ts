import { z } from 'zod'
import { choice, kept, onOff } from './setting.ts'

/** A named set of what can be set for one chat. */
const presetSchema = z.object({
  id: z.string().max(64),
  name: z.string().min(1).max(80),
  systemText: z.string().max(100_000).optional(),
  sampling: z
    .object({
      temperature: z.number(),
      topK: z.number(),
      topP: z.number(),
      minP: z.number(),
      repetitionPenalty: z.number(),
      seed: z.number(),
      maxTokens: z.number(),
      stopTexts: z.array(z.string()),
    })
    .partial()
    .optional(),
})

export const chatSettings = {
  'chat.sendKey': choice(['enter', 'command-enter'], 'enter'),
  'chat.answerFooter': onOff(true),
  'chat.highlightCode': onOff(true),
  /** Made, changed and chosen in a chat's options. */
  'chat.presets': kept(z.array(presetSchema).max(200), []),
  /** Id of the preset that new chats begin with; empty for none. */
  'chat.newChatPreset': kept(z.string().max(64), ''),
}
