import type { ExportedChat } from './exported-chat.ts'

/** A chat to be read outside of the program. @param fileOf where a picture lies, relative to the file */
export function toMarkdown(chat: ExportedChat, fileOf: (picture: { hash: string }) => string): string {
  const parts = [`# ${oneLine(chat.title) || 'Chat'}`, `*${new Date(chat.createdAt).toISOString()}*`]
  if (chat.settings.systemText) parts.push(`> ${chat.settings.systemText.replaceAll('\n', '\n> ')}`)
  for (const { role, text, pictures } of chat.messages) {
    parts.push(role === 'user' ? '## Question' : '## Answer')
    for (const picture of pictures) parts.push(`![${oneLine(picture.name).replace(/[[\]]/g, '')}](${fileOf(picture)})`)
    if (text !== '') parts.push(text)
  }
  return `${parts.join('\n\n')}\n`
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
