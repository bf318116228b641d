import { lazy, Suspense, useState } from 'react'
import { useOwl, useText } from '../app/store.ts'
import { IconButton } from '../components/icon-button.tsx'

const ChatOptions = lazy(() => import('./chat-options.tsx'))

/** What the header offers in the chat. */
export function ChatActions() {
  const text = useText()
  const newChat = useOwl((state) => state.newChat)
  const empty = useOwl((state) => state.turns.length === 0)
  const [options, setOptions] = useState(false)
  return (
    <>
      <IconButton icon="options" label={text.options.title} onClick={() => setOptions(true)} />
      <IconButton icon="newChat" label={text.app.newChat} onClick={newChat} disabled={empty} />
      {options && (
        <Suspense>
          <ChatOptions onLeave={() => setOptions(false)} />
        </Suspense>
      )}
    </>
  )
}
