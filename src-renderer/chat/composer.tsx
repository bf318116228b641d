import { type KeyboardEvent, useEffect, useRef } from 'react'
import { useOwl, useText } from '../app/store.ts'
import { questionFieldId } from '../app/window-keys.ts'
import { Button } from '../components/button.tsx'
import { IconButton } from '../components/icon-button.tsx'
import styles from './composer.module.css'
import { isUnderWay } from './conversation.ts'
import { FilePicker } from './file-picker.tsx'
import { PictureTray } from './picture-tray.tsx'

/** Where a question is written: its text, its pictures, and the button that asks or stops. */
export function Composer() {
  const text = useText()
  const draft = useOwl((state) => state.draft)
  const underWay = useOwl((state) => isUnderWay(state.turns.at(-1)))
  const lastQuestion = useOwl((state) => state.turns.findLast(({ role }) => role === 'user')?.id)
  const writeDraft = useOwl((state) => state.writeDraft)
  const submitDraft = useOwl((state) => state.submitDraft)
  const editQuestion = useOwl((state) => state.editQuestion)
  const cancelEdit = useOwl((state) => state.cancelEdit)
  const stop = useOwl((state) => state.stop)
  const field = useRef<HTMLTextAreaElement>(null)

  const pictures = draft.pictures.length
  // biome-ignore lint/correctness/useExhaustiveDependencies: the field takes the focus whenever one of these changes
  useEffect(() => field.current?.focus(), [draft.editing, pictures])

  const hasContent = draft.text.trim() !== '' || draft.pictures.some(({ state }) => state !== 'failed')
  const placeholder = pictures > 0 ? text.composer.placeholderPicture : text.composer.placeholder

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>) {
    // Enter that ends the spelling of a Chinese word asks nothing.
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      void submitDraft()
    } else if (event.key === 'ArrowUp' && draft.text === '' && pictures === 0 && lastQuestion && !underWay) {
      event.preventDefault()
      editQuestion(lastQuestion)
    }
  }

  return (
    <div className={styles.place}>
      <form
        className={styles.card}
        onSubmit={(event) => {
          event.preventDefault()
          void submitDraft()
        }}
      >
        {draft.editing && (
          <div className={styles.editing} role="status">
            <span>{text.composer.editing}</span>
            <Button onClick={cancelEdit}>{text.app.cancel}</Button>
          </div>
        )}
        <PictureTray />
        <textarea
          id={questionFieldId}
          ref={field}
          className={styles.field}
          rows={1}
          aria-label={text.composer.label}
          aria-describedby="composer-keys"
          placeholder={placeholder}
          value={draft.text}
          onChange={(event) => writeDraft(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <div className={styles.row}>
          <FilePicker>
            {(pick) => <IconButton icon="picture" label={text.composer.addPictures} onClick={pick} />}
          </FilePicker>
          <span id="composer-keys" className={styles.keys}>
            {text.composer.keys}
          </span>
          {underWay && !draft.editing ? (
            <IconButton key="stop" icon="stop" label={text.composer.stop} className={styles.act} onClick={stop} />
          ) : (
            <IconButton
              key="send"
              icon="up"
              label={text.composer.send}
              type="submit"
              className={styles.act}
              disabled={!hasContent}
            />
          )}
        </div>
      </form>
    </div>
  )
}
