import { useEffect, useRef, useState } from 'react'
import { useOwl, useText } from '../app/store.ts'
import { Button } from '../components/button.tsx'
import { ErrorNote } from '../components/error-note.tsx'
import { IconButton } from '../components/icon-button.tsx'
import { useArrowKeys } from './arrow-keys.ts'
import { type LayerChoice, visualShare } from './heat.ts'
import { HeatMap } from './heat-map.tsx'
import styles from './inspector.module.css'
import type { Inspection } from './inspector-slice.ts'
import { LayerShares } from './layer-shares.tsx'

/** "See why": for a word of an answer, where in the pictures the model looked, and how much in each layer. */
export default function Inspector({ inspection }: { inspection: Inspection }) {
  const text = useText()
  const close = useOwl((state) => state.closeInspector)
  const inspectWord = useOwl((state) => state.inspectWord)
  const [layer, setLayer] = useState<LayerChoice>('mean')
  const dialog = useRef<HTMLDialogElement>(null)
  const { words, word, pictures, attention, state } = inspection
  const { inspector } = text

  useEffect(() => dialog.current?.showModal(), [])

  const share = attention && Math.round(100 * visualShare(attention, layer))
  const layerName = layer === 'mean' ? inspector.allLayers : inspector.layer(layer + 1)
  return (
    <dialog ref={dialog} className={styles.inspector} aria-labelledby="inspector-title" onClose={close}>
      <header className={styles.head}>
        <h2 id="inspector-title">{inspector.title}</h2>
        <IconButton icon="close" label={text.app.close} onClick={() => dialog.current?.close()} />
      </header>
      <p className={styles.explanation}>{inspector.explanation}</p>
      <Words words={words} word={word} />
      {state === 'failed' && inspection.error && (
        <ErrorNote error={inspection.error}>
          <Button onClick={() => inspectWord(word)}>{text.app.tryAgain}</Button>
        </ErrorNote>
      )}
      <p role="status" className={styles.status}>
        {state === 'loading' && inspector.looking}
        {state === 'ready' && share !== undefined && inspector.summary(layerName, share)}
      </p>
      {attention && (
        <>
          {attention.pictures.length === 0 && <p>{inspector.noPictures}</p>}
          <div className={styles.pictures} aria-busy={state === 'loading'}>
            {attention.pictures.map((seen, index) => {
              const picture = pictures.find(({ hash }) => hash === seen.hash)
              return (
                picture && (
                  <Seen
                    // biome-ignore lint/suspicious/noArrayIndexKey: one picture may be there twice, in a fixed order
                    key={`${seen.hash}.${index + 1}`}
                    layer={layer}
                    {...{ picture, seen }}
                    label={inspector.heatOf(seen.name)}
                  />
                )
              )
            })}
          </div>
          <LayerShares layers={attention.layers} chosen={layer} onChoose={setLayer} />
        </>
      )}
    </dialog>
  )
}

/** The words of the answer, and before them all of it, as buttons. */
function Words({ words, word }: Pick<Inspection, 'words' | 'word'>) {
  const { inspector } = useText()
  const inspectWord = useOwl((state) => state.inspectWord)
  const { stop, group } = useArrowKeys(word === undefined ? 0 : word + 1)
  return (
    <fieldset className={styles.words} {...group}>
      <legend className="only-read-aloud">{inspector.words}</legend>
      <button
        type="button"
        tabIndex={stop === 0 ? 0 : -1}
        aria-pressed={word === undefined}
        onClick={() => inspectWord(undefined)}
      >
        {inspector.wholeAnswer}
      </button>
      {words.map((one, index) => (
        <span key={one.from}>
          <button
            type="button"
            tabIndex={stop === index + 1 ? 0 : -1}
            aria-pressed={word === index}
            onClick={() => inspectWord(index)}
          >
            {one.text}
          </button>
          {one.after}
        </span>
      ))}
    </fieldset>
  )
}

type SeenProps = {
  picture: Inspection['pictures'][number]
  seen: NonNullable<Inspection['attention']>['pictures'][number]
  layer: LayerChoice
  label: string
}

/** One picture with its heat, and a button that saves it. */
function Seen({ picture, seen, layer, label }: SeenProps) {
  const { inspector } = useText()
  const canvas = useRef<HTMLCanvasElement>(undefined)
  const [keep] = useState(() => (drawn: HTMLCanvasElement) => {
    canvas.current = drawn
  })

  function save() {
    canvas.current?.toBlob((blob) => {
      if (!blob) return
      const link = document.createElement('a')
      link.href = URL.createObjectURL(blob)
      link.download = `${picture.name.replace(/\.\w+$/, '')}.attention.png`
      link.click()
      URL.revokeObjectURL(link.href)
    })
  }

  return (
    <figure className={styles.seen}>
      <HeatMap picture={picture} attention={seen} layer={layer} label={label} onDrawn={keep} />
      <figcaption>
        <span>{picture.name}</span>
        <Button onClick={save}>{inspector.save}</Button>
      </figcaption>
    </figure>
  )
}
