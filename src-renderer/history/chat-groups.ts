import type { ChatSummary } from '../../src-main/ipc/contract.ts'

export type ChatGroup = 'pinned' | 'today' | 'yesterday' | 'week' | 'month' | 'older'

/** A row of the list: a heading, or a chat. */
export type ListRow = { group: ChatGroup } | { chat: ChatSummary }

const day = 24 * 60 * 60 * 1000

/** Chats in their order, with a heading where another group begins. */
export function toRows(chats: readonly ChatSummary[], now: Date): ListRow[] {
  const rows: ListRow[] = []
  let last: ChatGroup | undefined
  for (const chat of chats) {
    const group = groupOf(chat, now)
    if (group !== last) rows.push({ group })
    rows.push({ chat })
    last = group
  }
  return rows
}

function groupOf({ isPinned, changedAt }: ChatSummary, now: Date): ChatGroup {
  if (isPinned) return 'pinned'
  const midnight = new Date(now).setHours(0, 0, 0, 0)
  if (changedAt >= midnight) return 'today'
  if (changedAt >= midnight - day) return 'yesterday'
  if (changedAt >= midnight - 7 * day) return 'week'
  return changedAt >= midnight - 30 * day ? 'month' : 'older'
}
