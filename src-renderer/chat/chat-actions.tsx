import { useOwl, useText } from '../app/store.ts'
import { IconButton } from '../components/icon-button.tsx'

/** What the header offers in the chat. */
export function ChatActions() {
  const text = useText()
  const newChat = useOwl((state) => state.newChat)
  const empty = useOwl((state) => state.turns.length === 0)
  return <IconButton icon="newChat" label={text.app.newChat} onClick={newChat} disabled={empty} />
}
