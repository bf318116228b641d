import { type SaidMessage, toConversation } from '../core/conversation.ts'
import { pictureFromBytes } from '../core/pictures.ts'
import type { Message, PictureInput } from '../inference/protocol.ts'
import type { ChatMessage } from './chat-request.ts'
import { Refusal } from './refusal.ts'

/**
 * Messages as the model gets them: just what the window would give it for a chat of the same messages, where no text of
 * pictures is given. So all instructions stand in front, the pictures of a message before its text, and messages of one
 * role in a row are one. A last message of the assistant is continued.
 * @throws Refusal for a picture that is not sent along, or is none
 */
export async function toModelMessages(messages: readonly ChatMessage[]): Promise<Message[]> {
  const instructions: string[] = []
  const said: SaidMessage[] = []
  const pictures = new Map<string, PictureInput>()
  for (const [at, { role, content }] of messages.entries()) {
    const texts = content.flatMap((part) => (part.type === 'text' ? [part.text] : []))
    const own: PictureInput[] = []
    for (const [index, part] of content.entries()) {
      if (part.type !== 'image_url') continue
      const param = `messages[${at}].content[${index}].image_url.url`
      const picture = await readPicture(part.image_url.url, `Picture ${pictures.size + 1}`, param)
      pictures.set(picture.hash, picture)
      own.push(picture)
    }
    const text = texts.join('\n')
    if (role === 'system' || role === 'developer') instructions.push(text)
    else said.push({ id: String(at), role, text, pictures: own })
  }
  const { messages: toModel } = await toConversation(
    said,
    { systemText: instructions.join('\n\n') },
    async ({ hash }) => pictures.get(hash)!,
  )
  return toModel
}

async function readPicture(url: string, name: string, param: string): Promise<PictureInput> {
  const comma = url.indexOf(',')
  const isHere = /^data:/i.test(url.slice(0, 5)) && /;base64$/i.test(url.slice(0, Math.max(0, comma)).trimEnd())
  if (!isHere) {
    throw new Refusal(400, 'request-invalid', 'Pictures are taken as data addresses only; nothing is ever fetched.', {
      hint: 'Send the picture itself: data:image/png;base64,...',
      param,
    })
  }
  try {
    return await pictureFromBytes(name, Buffer.from(url.slice(comma + 1), 'base64'))
  } catch (thrown) {
    throw Refusal.of(thrown, param)
  }
}
