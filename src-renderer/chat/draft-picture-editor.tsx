import { lazy, Suspense } from 'react'
import { useOwl, useText } from '../app/store.ts'
import { pictureAddress } from '../components/thumbnail.tsx'

const PictureEditor = lazy(() => import('./picture-editor.tsx'))

/** Turns and cuts the picture of the draft that was chosen for it. */
export function DraftPictureEditor() {
  const text = useText()
  const chosen = useOwl((state) => state.draft.pictures.find(({ id }) => id === state.editedPicture))
  const openPictureEditor = useOwl((state) => state.openPictureEditor)
  const changePicture = useOwl((state) => state.changePicture)
  if (chosen?.state !== 'ready') return null
  const { picture, edit } = chosen.from ?? { picture: chosen.picture, edit: undefined }
  const leave = () => openPictureEditor(undefined)
  return (
    <Suspense>
      <PictureEditor
        source={pictureAddress(picture)}
        width={picture.width}
        height={picture.height}
        title={text.picture.editor}
        action={text.picture.apply}
        initial={edit}
        onDone={(edit) => {
          leave()
          void changePicture(chosen.id, edit)
        }}
        onLeave={leave}
      />
    </Suspense>
  )
}
