import { type DragEvent, useState } from 'react'

/** What a dragged chat carries its id as: nothing but a folder takes it. */
const chatDragType = 'application/x-owl-chat'

export function dragChat(event: DragEvent, chatId: string): void {
  event.dataTransfer.setData(chatDragType, chatId)
  event.dataTransfer.effectAllowed = 'move'
}

/** Makes a place take chats that are dropped on it. */
export function useChatDrop(onChat: (chatId: string) => void) {
  const [isOver, setIsOver] = useState(false)
  return {
    isOver,
    handlers: {
      onDragOver(event: DragEvent) {
        if (!event.dataTransfer.types.includes(chatDragType)) return
        event.preventDefault()
        event.dataTransfer.dropEffect = 'move'
        setIsOver(true)
      },
      onDragLeave: () => setIsOver(false),
      onDrop(event: DragEvent) {
        setIsOver(false)
        const chatId = event.dataTransfer.getData(chatDragType)
        if (!chatId) return
        event.preventDefault()
        onChat(chatId)
      },
    },
  }
}
