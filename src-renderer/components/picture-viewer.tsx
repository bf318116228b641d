import { type KeyboardEvent, type PointerEvent, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { type OwlState, useOwl, useText } from '../app/store.ts'
import { CopyPictureText } from './copy-picture-text.tsx'
import { IconButton } from './icon-button.tsx'
import { PictureDescription, PictureTextLayer } from './picture-text.tsx'
import styles from './picture-viewer.module.css'
import { pictureAddress } from './thumbnail.tsx'
import { wheelSteps } from './wheel-steps.ts'

/** Steps from the fitted picture (1) up; the largest shows single pixels of a large screenshot. */
const zooms = [1, 1.5, 2, 3, 4, 6, 8]

/** One picture over the whole window: wheel, + and - zoom, 0 fits, arrows go to its neighbours or scroll. */
export function PictureViewer() {
  const viewer = useOwl((state) => state.viewer)
  return viewer && <OpenViewer {...viewer} />
}

function OpenViewer({ pictures, index }: NonNullable<OwlState['viewer']>) {
  const text = useText()
  const showPictures = useOwl((state) => state.showPictures)
  const close = useOwl((state) => state.closeOverlay)
  const dialog = useRef<HTMLDialogElement>(null)
  const { stage, zoom, zoomBy, fitWindow } = useZoom()
  /** A drag that begins on text selects it. */
  const selects = useRef(false)
  const picture = pictures[index]

  useEffect(() => dialog.current?.showModal(), [])

  if (!picture) return null

  function go(to: number) {
    if (!pictures[to]) return
    fitWindow()
    showPictures(pictures, to)
  }

  function onKeyDown(event: KeyboardEvent) {
    const actions: Record<string, () => void> = {
      '+': () => zoomBy(1),
      '=': () => zoomBy(1),
      '-': () => zoomBy(-1),
      '0': fitWindow,
    }
    if (zoom === 1) {
      actions.ArrowLeft = () => go(index - 1)
      actions.ArrowRight = () => go(index + 1)
    }
    const action = actions[event.key]
    if (!action) return
    event.preventDefault()
    action()
  }

  function pan({ buttons, currentTarget, movementX, movementY }: PointerEvent) {
    if (buttons === 1 && !selects.current) currentTarget.scrollBy(-movementX, -movementY)
  }

  const { picture: words } = text
  const label = `${words.viewer}: ${picture.name}`
  return (
    <dialog ref={dialog} className={styles.viewer} aria-label={label} onClose={close} onKeyDown={onKeyDown}>
      <div className={styles.bar}>
        <span className={styles.name}>{picture.name}</span>
        <span className={styles.size}>{words.size(picture.width, picture.height)}</span>
        <span className={styles.tools}>
          {pictures.length > 1 && (
            <>
              <IconButton icon="left" label={words.previous} disabled={index === 0} onClick={() => go(index - 1)} />
              <IconButton
                icon="right"
                label={words.next}
                disabled={index === pictures.length - 1}
                onClick={() => go(index + 1)}
              />
            </>
          )}
          <CopyPictureText picture={picture} />
          <IconButton icon="zoomOut" label={words.zoomOut} disabled={zoom === 1} onClick={() => zoomBy(-1)} />
          <IconButton icon="zoomIn" label={words.zoomIn} disabled={zoom === zooms.at(-1)} onClick={() => zoomBy(1)} />
          <IconButton icon="fit" label={words.fit} disabled={zoom === 1} onClick={fitWindow} />
          <IconButton icon="close" label={text.app.close} onClick={() => dialog.current?.close()} />
        </span>
      </div>
      <section
        ref={stage}
        className={styles.stage}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a zoomed picture is scrolled by keys
        tabIndex={0}
        aria-label={picture.name}
        onPointerDown={({ target }) => {
          selects.current = target instanceof SVGTextElement
        }}
        onPointerMove={pan}
      >
        <div className={styles.sheet} style={{ width: `${zoom * 100}%`, height: `${zoom * 100}%` }}>
          <div className={styles.paper}>
            <img
              className={styles.picture}
              src={pictureAddress(picture)}
              alt={picture.name}
              aria-describedby="viewer-text"
              draggable={false}
            />
            <PictureTextLayer picture={picture} fit="contain" />
            <PictureDescription id="viewer-text" picture={picture} />
          </div>
        </div>
      </section>
    </dialog>
  )
}

/** The zoom of a scrolled stage. What is under the pointer, or in the middle, stays where it is. */
function useZoom() {
  const stage = useRef<HTMLElement>(null)
  const [zoom, setZoom] = useState(1)
  const [stepOf] = useState(wheelSteps)
  /** The point that stays: its place on the stage in pixels, and on the sheet as a share of it. */
  const anchor = useRef({ x: 0, y: 0, acrossSheet: 0.5, downSheet: 0.5 })

  function zoomBy(step: 1 | -1, at?: { x: number; y: number }) {
    const element = stage.current
    if (!element) return
    const x = at?.x ?? element.clientWidth / 2
    const y = at?.y ?? element.clientHeight / 2
    const acrossSheet = (element.scrollLeft + x) / element.scrollWidth
    const downSheet = (element.scrollTop + y) / element.scrollHeight
    anchor.current = { x, y, acrossSheet, downSheet }
    setZoom((zoom) => zooms[zooms.indexOf(zoom) + step] ?? zoom)
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: the zoom has changed the sizes that are read here
  useLayoutEffect(() => {
    const element = stage.current
    if (!element) return
    const { x, y, acrossSheet, downSheet } = anchor.current
    element.scrollTo(acrossSheet * element.scrollWidth - x, downSheet * element.scrollHeight - y)
  }, [zoom])

  // React listens to wheels passively, so that it could not keep the stage from scrolling.
  useEffect(() => {
    const element = stage.current
    if (!element) return
    const onWheel = (event: WheelEvent) => {
      event.preventDefault()
      const { left, top } = element.getBoundingClientRect()
      const step = stepOf(event)
      if (step !== 0) zoomBy(step === 1 ? -1 : 1, { x: event.clientX - left, y: event.clientY - top })
    }
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => element.removeEventListener('wheel', onWheel)
  })

  return { stage, zoom, zoomBy, fitWindow: () => setZoom(1) }
}
