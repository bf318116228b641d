import { type ComponentProps, type KeyboardEvent, useEffect, useLayoutEffect, useMemo, useRef } from 'react'
import { useOwl, useText } from '../app/store.ts'
import { Button } from '../components/button.tsx'
import { ErrorNote } from '../components/error-note.tsx'
import { IconButton } from '../components/icon-button.tsx'
import { CaptureButton } from './capture-button.tsx'
import styles from './composer.module.css'
import { ComposerNotes } from './composer-notes.tsx'
import { contextNeed } from './context-need.ts'
import { isUnderWay } from './conversation.ts'
import { DraftPictureEditor } from './draft-picture-editor.tsx'
import { FilePicker } from './file-picker.tsx'
import { PictureTray } from './picture-tray.tsx'
import { questionFieldId } from './question-field.ts'

/** Where a question is written: its text, its pictures, and the button that asks or stops. */
export function Composer() {
  const text = useText()
  const draft = useOwl((state) => state.draft)
  const model = useOwl((state) => state.model)
  const underWay = useOwl((state) => isUnderWay(state.turns.at(-1)))
  const lastQuestion = useOwl((state) => state.turns.findLast(({ role }) => role === 'user')?.id)
  const lastAsked = useOwl((state) => state.lastAsked)
  const sendKey = useOwl((state) => state.settings['chat.sendKey'] ?? 'enter')
  const writeDraft = useOwl((state) => state.writeDraft)
  const submitDraft = useOwl((state) => state.submitDraft)
  const editQuestion = useOwl((state) => state.editQuestion)
  const stop = useOwl((state) => state.stop)
  const field = useRef<HTMLTextAreaElement>(null)

  const pictures = draft.pictures.length
  const sent = draft.pictures.filter(({ state }) => state !== 'failed').length
  const need = useMemo(() => contextNeed(model, draft.text, sent), [model, draft.text, sent])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the field takes the focus whenever one of these changes
  useEffect(() => field.current?.focus(), [draft.editing, pictures])

  const tooMuch = sent > 0 && need?.fits === false
  const hasContent = draft.text.trim() !== '' || sent > 0
  const placeholder = pictures > 0 ? text.composer.placeholderPicture : text.composer.placeholder
  const canAskAgain = lastAsked !== undefined && sent > 0 && draft.text === '' && !underWay

  function askAgain() {
    writeDraft(lastAsked ?? '')
    void submitDraft()
  }

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>) {
    // Enter that ends the spelling of a Chinese word asks nothing.
    if (event.nativeEvent.isComposing) return
    const command = event.ctrlKey || event.metaKey
    if (event.key === 'Enter' && (sendKey === 'enter' ? !event.shiftKey : command)) {
      event.preventDefault()
      void submitDraft()
    } else if (event.key === 'ArrowUp' && draft.text === '' && !underWay) {
      if (pictures === 0 && lastQuestion) editQuestion(lastQuestion)
      else if (canAskAgain) writeDraft(lastAsked)
      else return
      event.preventDefault()
    }
  }

  return (
    <div className={styles.place}>
      <ChatError />
      <form
        className={styles.card}
        onSubmit={(event) => {
          event.preventDefault()
          void submitDraft()
        }}
      >
        <ComposerNotes need={need} pictures={sent} />
        <PictureTray />
        {canAskAgain && (
          <div className={styles.again}>
            <button type="button" className={styles.suggestion} onClick={askAgain} title={lastAsked}>
              {text.composer.askAgain(lastAsked)}
            </button>
          </div>
        )}
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
          <CaptureButton />
          {need && sent > 0 && (
            <span className={`${styles.need} ${tooMuch ? styles.over : ''}`}>
              {text.composer.contextUse(need.rows, need.contextRows)}
            </span>
          )}
          <span id="composer-keys" className={styles.keys}>
            {text.composer.keys[sendKey]}
          </span>
          {underWay && !draft.editing ? (
            <ActButton key="stop" icon="stop" label={text.composer.stop} onClick={stop} />
          ) : (
            <ActButton
              key="send"
              icon="up"
              label={text.composer.send}
              type="submit"
              disabled={!hasContent || tooMuch}
            />
          )}
        </div>
      </form>
      <DraftPictureEditor />
    </div>
  )
}

/** Asks or stops. One takes the other's place, and the focus that it had goes on to the question. */
function ActButton(props: ComponentProps<typeof IconButton>) {
  const button = useRef<HTMLButtonElement>(null)
  useLayoutEffect(() => {
    const leaving = button.current
    return () => {
      if (document.activeElement === leaving) document.getElementById(questionFieldId)?.focus()
    }
  }, [])
  return <IconButton ref={button} className={styles.act} {...props} />
}

/** Why the chat or the version of it that was chosen is not what is shown. */
function ChatError() {
  const text = useText()
  const error = useOwl((state) => state.chatError)
  const dismiss = useOwl((state) => state.dismissChatError)
  if (!error) return null
  return (
    <div className={styles.error}>
      <ErrorNote error={error}>
        <Button onClick={dismiss}>{text.app.close}</Button>
      </ErrorNote>
    </div>
  )
}
