import type { Message, PictureInput } from '../inference/protocol.ts'

/** What a person asks. Pictures stand before the text, as the model was trained. */
export function userMessage(pictures: readonly PictureInput[], text: string): Message {
  return {
    role: 'user',
    parts: [...pictures.map((picture) => ({ type: 'picture' as const, picture })), textPart(text)],
  }
}

export function systemMessage(text: string): Message {
  return { role: 'system', parts: [textPart(text)] }
}

export function assistantMessage(text: string): Message {
  return { role: 'assistant', parts: [textPart(text)] }
}

function textPart(text: string) {
  return { type: 'text' as const, text }
}
