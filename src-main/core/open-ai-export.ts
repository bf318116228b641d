import { z } from 'zod'
import type { ExportedChat } from './exported-chat.ts'

/** A picture of an imported message: by the name of its file in the archive, or as its own bytes. */
export type ImportedPicture = { file: string; name: string } | { bytes: Uint8Array; name: string }

export interface ImportedMessage {
  id: string
  parentId?: string
  role: 'user' | 'assistant'
  text: string
  pictures: ImportedPicture[]
  createdAt: number
}

export interface ImportedChat extends Omit<ExportedChat, 'messages'> {
  messages: ImportedMessage[]
}

const part = z.union([z.string(), z.looseObject({})])
const node = z.looseObject({
  parent: z.string().nullish(),
  message: z
    .looseObject({
      author: z.looseObject({ role: z.string() }),
      create_time: z.number().nullish(),
      content: z.looseObject({ parts: z.array(part).nullish(), text: z.string().nullish() }).nullish(),
      metadata: z.looseObject({}).nullish(),
    })
    .nullish(),
})
const treeSchema = z.looseObject({
  id: z.string().nullish(),
  conversation_id: z.string().nullish(),
  title: z.string().nullish(),
  create_time: z.number().nullish(),
  update_time: z.number().nullish(),
  current_node: z.string().nullish(),
  mapping: z.record(z.string(), node),
})
const listSchema = z.looseObject({
  id: z.string().nullish(),
  title: z.string().nullish(),
  messages: z.array(z.looseObject({ role: z.string(), content: z.union([z.string(), z.array(part)]).nullish() })),
})

/**
 * A conversation of a `conversations.json` (a tree of nodes), or one in the form of the chat completions interface
 * (`{ messages: [{ role, content }] }`). Messages of tools, hidden and empty ones are left out; what follows them
 * follows what was before them.
 * @returns undefined where it is neither, or nothing of it is left
 */
export function fromOpenAi(conversation: unknown): ImportedChat | undefined {
  const tree = treeSchema.safeParse(conversation)
  const chat = tree.success ? fromTree(tree.data) : fromList(conversation)
  return chat && chat.messages.length > 0 ? chat : undefined
}

function fromTree(tree: z.output<typeof treeSchema>): ImportedChat {
  const createdAt = toMs(tree.create_time) ?? Date.now()
  const messages: ImportedMessage[] = []
  const order = nodesInOrder(tree.mapping)
  /** Nearest message at or above a node. */
  const kept = new Map<string, string | undefined>()
  for (const id of order) {
    const { message, parent } = tree.mapping[id]!
    const parentId = parent ? kept.get(parent) : undefined
    const role = message?.author.role
    const { text, pictures } = readParts(message?.content?.parts ?? [message?.content?.text ?? ''])
    const isHidden = message?.metadata?.is_visually_hidden_from_conversation === true
    if ((role !== 'user' && role !== 'assistant') || isHidden || (text === '' && pictures.length === 0)) {
      kept.set(id, parentId)
      continue
    }
    messages.push({ id, parentId, role, text, pictures, createdAt: toMs(message?.create_time) ?? createdAt })
    kept.set(id, id)
  }
  const end = tree.current_node ? kept.get(tree.current_node) : undefined
  return {
    id: (tree.conversation_id ?? tree.id ?? crypto.randomUUID()).slice(0, 64),
    title: tree.title ?? '',
    isPinned: false,
    createdAt,
    changedAt: toMs(tree.update_time) ?? createdAt,
    settings: {},
    shownEnd: end,
    messages,
  }
}

function fromList(conversation: unknown): ImportedChat | undefined {
  const list = listSchema.safeParse(conversation)
  if (!list.success) return undefined
  const now = Date.now()
  const messages: ImportedMessage[] = []
  let systemText = ''
  for (const { role, content } of list.data.messages) {
    const { text, pictures } = readParts(typeof content === 'string' ? [content] : (content ?? []))
    if (role === 'system') systemText = text
    if ((role !== 'user' && role !== 'assistant') || (text === '' && pictures.length === 0)) continue
    messages.push({ id: `${messages.length}`, parentId: messages.at(-1)?.id, role, text, pictures, createdAt: now })
  }
  return {
    id: list.data.id?.slice(0, 64) ?? crypto.randomUUID(),
    title: list.data.title ?? '',
    isPinned: false,
    createdAt: now,
    changedAt: now,
    settings: systemText === '' ? {} : { systemText },
    messages,
  }
}

/** Parents before their children; nodes whose parent is missing begin a branch of their own. */
function nodesInOrder(mapping: Record<string, { parent?: string | null | undefined }>): string[] {
  const children = new Map<string | undefined, string[]>()
  for (const [id, { parent }] of Object.entries(mapping)) {
    const above = parent && Object.hasOwn(mapping, parent) && parent !== id ? parent : undefined
    children.set(above, [...(children.get(above) ?? []), id])
  }
  const order: string[] = []
  const waiting = [...(children.get(undefined) ?? [])].reverse()
  while (waiting.length > 0) {
    const id = waiting.pop()!
    order.push(id)
    waiting.push(...(children.get(id) ?? []).toReversed())
  }
  return order
}

function readParts(parts: readonly z.output<typeof part>[]): { text: string; pictures: ImportedPicture[] } {
  const texts: string[] = []
  const pictures: ImportedPicture[] = []
  for (const each of parts) {
    const picture = typeof each === 'string' ? undefined : readPicture(each)
    const text = typeof each === 'string' ? each : each.text
    if (picture) pictures.push(picture)
    else if (typeof text === 'string' && text.trim() !== '') texts.push(text.trim())
  }
  return { text: texts.join('\n\n'), pictures }
}

function readPicture(each: Record<string, unknown>): ImportedPicture | undefined {
  if (typeof each.asset_pointer === 'string') {
    const file = each.asset_pointer.replace(/^[a-z-]+:\/\//, '')
    return { file, name: `${file}.png` }
  }
  const link = (each.image_url as { url?: unknown } | undefined)?.url ?? each.image_url
  const data = typeof link === 'string' ? /^data:image\/[a-z+.-]+;base64,(.+)$/is.exec(link)?.[1] : undefined
  return data ? { bytes: new Uint8Array(Buffer.from(data, 'base64')), name: 'picture.png' } : undefined
}

function toMs(seconds: number | null | undefined): number | undefined {
  return seconds ? Math.round(seconds * 1000) : undefined
}
