import { type DragEvent, type KeyboardEvent, useState } from 'react'
import { errorText } from '../app/language/language.ts'
import { useOwl, useText } from '../app/store.ts'
import { Button } from '../components/button.tsx'
import { Icon } from '../components/icon.tsx'
import { IconButton } from '../components/icon-button.tsx'
import { PlainWords } from '../components/plain-words.tsx'
import { Thumbnail } from '../components/thumbnail.tsx'
import type { DraftPicture } from './composer-slice.ts'
import styles from './picture-tray.module.css'

/** A drag of this type is a picture of the tray on its way to another place in it. */
export const pictureDragType = 'application/x-owl-picture'

/** The pictures of the question being written, in the order in which the model will see them. */
export function PictureTray() {
  const text = useText()
  const pictures = useOwl((state) => state.draft.pictures)
  if (pictures.length === 0) return null
  const failed = pictures.filter((picture) => picture.state === 'failed')
  return (
    <div className={styles.tray}>
      {failed.map((picture) => (
        <FailedPicture key={picture.id} picture={picture} />
      ))}
      {failed.length < pictures.length && (
        <ul className={styles.row} aria-label={text.picture.tray}>
          {pictures.map((picture, index) =>
            picture.state === 'failed' ? null : (
              <Tile key={picture.id} picture={picture} index={index} last={index === pictures.length - 1} />
            ),
          )}
        </ul>
      )}
    </div>
  )
}

type ShownPicture = Exclude<DraftPicture, { state: 'failed' }>

function Tile({ picture, index, last }: { picture: ShownPicture; index: number; last: boolean }) {
  const text = useText().picture
  const pictures = useOwl((state) => state.draft.pictures)
  const removePicture = useOwl((state) => state.removePicture)
  const movePicture = useOwl((state) => state.movePicture)
  const showPictures = useOwl((state) => state.showPictures)
  const openPictureEditor = useOwl((state) => state.openPictureEditor)
  const [target, setTarget] = useState(false)
  const { id, name } = picture

  function onKeyDown(event: KeyboardEvent) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (event.key === 'Delete' || event.key === 'Backspace') removePicture(id)
    else if (event.altKey && step) movePicture(id, index + step)
    else if (event.key === 'c' && !event.ctrlKey && !event.metaKey && picture.state === 'ready') openPictureEditor(id)
    else return
    event.preventDefault()
  }

  const ownDrag = (event: DragEvent) => event.dataTransfer.types.includes(pictureDragType)
  const drag = {
    draggable: true,
    onDragStart: (event: DragEvent) => event.dataTransfer.setData(pictureDragType, id),
    onDragOver: (event: DragEvent) => {
      if (!ownDrag(event)) return
      event.preventDefault()
      setTarget(true)
    },
    onDragLeave: () => setTarget(false),
    onDrop: (event: DragEvent) => {
      setTarget(false)
      if (!ownDrag(event)) return
      event.preventDefault()
      movePicture(event.dataTransfer.getData(pictureDragType), index)
    },
  }

  function show() {
    const ready = pictures.flatMap((each) => (each.state === 'ready' ? [each.picture] : []))
    if (picture.state === 'ready') showPictures(ready, ready.indexOf(picture.picture))
  }

  return (
    <li className={`${styles.tile} ${target ? styles.target : ''}`} {...drag} onKeyDown={onKeyDown}>
      {picture.state === 'adding' ? (
        <div className={styles.adding} role="status" aria-label={text.adding(name)} />
      ) : (
        <button type="button" className={styles.open} aria-label={text.open(name)} title={name} onClick={show}>
          <Thumbnail picture={picture.picture} />
        </button>
      )}
      <span className={styles.tools}>
        {index > 0 && <IconButton icon="left" label={text.earlier(name)} onClick={() => movePicture(id, index - 1)} />}
        {!last && <IconButton icon="right" label={text.later(name)} onClick={() => movePicture(id, index + 1)} />}
        {picture.state === 'ready' && (
          <IconButton icon="crop" label={text.change(name)} onClick={() => openPictureEditor(id)} />
        )}
        <IconButton icon="close" label={text.remove(name)} onClick={() => removePicture(id)} />
      </span>
    </li>
  )
}

function FailedPicture({ picture }: { picture: DraftPicture & { state: 'failed' } }) {
  const text = useText()
  const removePicture = useOwl((state) => state.removePicture)
  const retryPicture = useOwl((state) => state.retryPicture)
  const { id, name, error } = picture
  const { message, hint } = errorText(text, error)
  return (
    <div className={styles.failed} role="alert">
      <span className={styles.sign}>
        <Icon name="warning" />
      </span>
      <span className={styles.words}>
        <strong>{text.picture.failed(name)}</strong>
        <span>
          <PlainWords>{message}</PlainWords>
        </span>
        {hint && (
          <span className={styles.hint}>
            <PlainWords>{hint}</PlainWords>
          </span>
        )}
      </span>
      {error.code === 'connection-lost' && <Button onClick={() => retryPicture(id)}>{text.app.tryAgain}</Button>}
      <IconButton icon="close" label={text.picture.remove(name)} onClick={() => removePicture(id)} />
    </div>
  )
}
