import type { ErrorMessage } from '../../native-models/owl-error.ts'
import type { FinishReason, GenerationStats, Message, PictureInput } from '../inference/protocol.ts'
import type { StoredMessage } from '../storage/message-store.ts'
import type { GivenText } from './answer-reading.ts'
import type { ChatSettings } from './chat-settings.ts'
import { assistantMessage, systemMessage, userMessage } from './messages.ts'

/** How an answer ended, as it is kept with it. `interrupted`: the app or its window was closed or killed meanwhile. */
export interface AnswerOutcome {
  finish?: FinishReason | 'interrupted'
  stats?: GenerationStats
  error?: ErrorMessage
  /** The first message that the model was given, where the context could not hold those before. */
  keptFrom?: string
  /** What of the text in the pictures of its question the model was given; known before the answer is. */
  given?: GivenText
}

/** One message as a window shows it. */
export interface Turn extends StoredMessage {
  outcome?: AnswerOutcome
}

/** What was said in one message, wherever it is kept. */
export interface SaidMessage extends Pick<StoredMessage, 'id' | 'role' | 'text'> {
  pictures: readonly { hash: string; name: string }[]
}

/** A conversation as the model gets it, and for each message the turn that it begins with. */
export interface ModelConversation {
  messages: Message[]
  turnIds: string[]
}

/**
 * A branch as the model gets it. An answer without text (failed, or stopped at once) is left out, and the questions
 * around it become one message, so that the roles go on alternating as prompts demand.
 * @param input where a picture's bytes are
 */
export async function toConversation(
  branch: readonly SaidMessage[],
  settings: ChatSettings,
  input: (picture: { hash: string; name: string }) => Promise<PictureInput>,
): Promise<ModelConversation> {
  const merged: { id: string; role: 'user' | 'assistant'; texts: string[]; pictures: PictureInput[] }[] = []
  for (const { id, role, text, pictures } of branch) {
    if (role === 'assistant' && text === '') continue
    const inputs = await Promise.all(pictures.map(input))
    const last = merged.at(-1)
    if (last?.role === role) {
      last.texts.push(text)
      last.pictures.push(...inputs)
    } else {
      merged.push({ id, role, texts: [text], pictures: inputs })
    }
  }
  const messages = merged.map(({ role, texts, pictures }) => {
    const text = texts.join('\n\n')
    return role === 'user' ? userMessage(pictures, text) : assistantMessage(text)
  })
  const systemText = settings.systemText?.trim()
  return {
    messages: systemText ? [systemMessage(systemText), ...messages] : messages,
    turnIds: merged.map(({ id }) => id),
  }
}
