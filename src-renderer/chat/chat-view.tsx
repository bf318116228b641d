import { useOwl } from '../app/store.ts'
import { Composer } from './composer.tsx'
import { ConversationView } from './conversation-view.tsx'
import { DropZone } from './drop-zone.tsx'
import { EmptyScreen } from './empty-screen.tsx'

/** The conversation, or what stands before the first question, and the composer under it. */
export function ChatView() {
  const empty = useOwl((state) => state.turns.length === 0)
  return (
    <DropZone>
      {empty ? <EmptyScreen /> : <ConversationView />}
      <Composer />
    </DropZone>
  )
}
