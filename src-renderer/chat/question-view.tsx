import { memo, useId } from 'react'
import { useOwl, useText } from '../app/store.ts'
import { CopyButton } from '../components/copy-button.tsx'
import { IconButton } from '../components/icon-button.tsx'
import { PictureDescription, PictureTextLayer } from '../components/picture-text.tsx'
import { Thumbnail } from '../components/thumbnail.tsx'
import { BranchSwitch } from './branch-switch.tsx'
import type { Question } from './conversation.ts'
import styles from './question-view.module.css'

export const QuestionView = memo(function QuestionView({ question }: { question: Question }) {
  const text = useText()
  const showPictures = useOwl((state) => state.showPictures)
  const editQuestion = useOwl((state) => state.editQuestion)
  const description = useId()
  const { pictures } = question
  return (
    <article className={styles.question} aria-label={text.chat.question}>
      {pictures.length > 0 && (
        <div className={pictures.length === 1 ? styles.single : styles.several}>
          {pictures.map((picture, index) => (
            <div
              // The same picture can stand in a question twice; the order never changes.
              // biome-ignore lint/suspicious/noArrayIndexKey: see above
              key={index}
              className={styles.frame}
            >
              <button
                type="button"
                className={styles.picture}
                aria-label={text.picture.open(picture.name)}
                aria-describedby={`${description}-${index}`}
                title={picture.name}
                onClick={() => showPictures(pictures, index)}
              >
                <Thumbnail picture={picture} />
              </button>
              <PictureTextLayer
                picture={picture}
                fit={pictures.length === 1 ? 'contain' : 'cover'}
                quiet
                onPlainClick={() => showPictures(pictures, index)}
              />
              <PictureDescription id={`${description}-${index}`} picture={picture} />
            </div>
          ))}
        </div>
      )}
      <div className={styles.line}>
        <BranchSwitch turn={question} />
        <div className={styles.tools}>
          <CopyButton text={question.text} label={text.chat.copyQuestion} />
          <IconButton icon="edit" label={text.chat.edit} onClick={() => editQuestion(question.id)} />
        </div>
        <p className={styles.text}>{question.text}</p>
      </div>
    </article>
  )
})
