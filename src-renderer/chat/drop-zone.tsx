import { type ReactNode, useEffect, useState } from 'react'
import { useOwl, useText } from '../app/store.ts'
import { OwlMark } from '../components/owl-mark.tsx'
import styles from './drop-zone.module.css'
import { droppedPictures, mayBringPictures } from './dropped-pictures.ts'
import { pastedPictures } from './pasted-pictures.ts'
import { pictureDragType } from './picture-tray.tsx'

/** Takes pictures dropped or pasted anywhere in the window. */
export function DropZone({ children }: { children: ReactNode }) {
  const text = useText()
  const addPictures = useOwl((state) => state.addPictures)
  const addDropped = useOwl((state) => state.addDropped)
  const offerBesideText = useOwl((state) => state.offerBesideText)
  const appendToDraft = useOwl((state) => state.appendToDraft)
  const [over, setOver] = useState(false)

  useEffect(() => {
    const concerns = (event: DragEvent) => {
      const types = event.dataTransfer?.types ?? []
      return mayBringPictures(types) && !types.includes(pictureDragType)
    }
    const onDragOver = (event: DragEvent) => {
      if (!concerns(event)) return
      event.preventDefault()
      event.dataTransfer!.dropEffect = 'copy'
      setOver(true)
    }
    const onDragLeave = (event: DragEvent) => {
      // Leaving an element for another one inside of the window names that one; leaving the window names none.
      if (event.relatedTarget === null) setOver(false)
    }
    const onDrop = (event: DragEvent) => {
      setOver(false)
      if (!concerns(event)) return
      event.preventDefault()
      const words = event.dataTransfer!.getData('text/plain')
      void droppedPictures(event.dataTransfer!).then((dropped) => {
        // Words dragged from a page are words.
        if (dropped.files.length + dropped.refused.length === 0) appendToDraft(words)
        else addDropped(dropped)
      })
    }
    const onPaste = (event: ClipboardEvent) => {
      if (!event.clipboardData) return
      const { pictures, besideText } = pastedPictures(event.clipboardData, text.picture.pasted)
      if (besideText.length > 0) offerBesideText(besideText)
      if (pictures.length === 0) return
      event.preventDefault()
      addPictures(pictures)
    }
    addEventListener('dragover', onDragOver)
    addEventListener('dragleave', onDragLeave)
    addEventListener('drop', onDrop)
    addEventListener('paste', onPaste)
    return () => {
      removeEventListener('dragover', onDragOver)
      removeEventListener('dragleave', onDragLeave)
      removeEventListener('drop', onDrop)
      removeEventListener('paste', onPaste)
    }
  }, [addPictures, addDropped, offerBesideText, appendToDraft, text])

  return (
    <>
      {children}
      {over && (
        <div className={styles.veil}>
          <OwlMark mood="looking" className={styles.owl} />
          <p>{text.composer.dropHere}</p>
        </div>
      )}
    </>
  )
}
