import type { Picture } from '../../src-main/ipc/contract.ts'
import { errorText } from '../app/language/language.ts'
import { useOwl, useText } from '../app/store.ts'
import { CopyButton } from './copy-button.tsx'
import styles from './copy-picture-text.module.css'

/** Copies everything that is written in a picture; says so while it is read, and where there is nothing. */
export function CopyPictureText({ picture }: { picture: Picture }) {
  const text = useText()
  const words = text.reading
  const shown = useOwl((state) => state.pictureTexts[picture.hash])
  if (shown?.state === 'ready' && shown.text.plain !== '') {
    return <CopyButton text={shown.text.plain} label={words.copyAll} />
  }
  return (
    <span className={styles.note} role="status">
      {shown?.state === 'reading' && words.reading}
      {shown?.state === 'ready' && words.nothing}
      {shown?.state === 'failed' && errorText(text, shown.error).message}
    </span>
  )
}
