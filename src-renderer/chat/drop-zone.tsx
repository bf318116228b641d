import { type ReactNode, useEffect, useState } from 'react'
import { useOwl, useText } from '../app/store.ts'
import { OwlMark } from '../components/owl-mark.tsx'
import styles from './drop-zone.module.css'
import { pastedPictures } from './pasted-pictures.ts'

/** Takes pictures dropped or pasted anywhere in the window. */
export function DropZone({ children }: { children: ReactNode }) {
  const text = useText()
  const addPictures = useOwl((state) => state.addPictures)
  const [over, setOver] = useState(false)

  useEffect(() => {
    const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false
    const onDragOver = (event: DragEvent) => {
      if (!carriesFiles(event)) return
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
      if (!carriesFiles(event)) return
      event.preventDefault()
      addPictures([...event.dataTransfer!.files])
    }
    const onPaste = (event: ClipboardEvent) => {
      const pictures = event.clipboardData ? pastedPictures(event.clipboardData, text.picture.pasted) : []
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
  }, [addPictures, text])

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
