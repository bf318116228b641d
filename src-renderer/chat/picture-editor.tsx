import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react'
import { useText } from '../app/store.ts'
import { Button } from '../components/button.tsx'
import { IconButton } from '../components/icon-button.tsx'
import {
  type Edges,
  minEdge,
  moveRect,
  type Rect,
  rectBetween,
  resizeRect,
  type Size,
  turned,
  turnRect,
} from './crop.ts'
import styles from './picture-editor.module.css'

/** Quarter turns clockwise, then the part of the turned picture that is kept; all of it when left out. */
export interface PictureEdit {
  quarterTurns: number
  crop?: Rect
}

interface Props extends Size {
  /** Address of the picture. */
  source: string
  title: string
  /** What the button that ends it says. */
  action: string
  /** A capture is cut only. */
  turns?: boolean
  initial?: PictureEdit
  onDone: (edit: PictureEdit) => void
  onLeave: () => void
}

const corners: { name: string; edges: Edges }[] = [
  { name: 'leftTop', edges: { left: true, top: true } },
  { name: 'top', edges: { top: true } },
  { name: 'rightTop', edges: { right: true, top: true } },
  { name: 'right', edges: { right: true } },
  { name: 'rightBottom', edges: { right: true, bottom: true } },
  { name: 'bottom', edges: { bottom: true } },
  { name: 'leftBottom', edges: { left: true, bottom: true } },
  { name: 'left', edges: { left: true } },
]

type Drag =
  | { kind: 'draw'; from: { x: number; y: number } }
  | { kind: 'move' | 'resize'; edges: Edges; rect: Rect; from: { x: number; y: number } }

/**
 * Cuts a part out of a picture and turns it, by pointer or by keys: arrows move the part, with Shift they move its
 * right and lower edge, with Alt in steps of one pixel; R and Shift+R turn, Enter is the action, Escape leaves.
 */
export default function PictureEditor({
  source,
  title,
  action,
  turns = true,
  initial,
  onDone,
  onLeave,
  ...size
}: Props) {
  const text = useText()
  const dialog = useRef<HTMLDialogElement>(null)
  const stage = useRef<HTMLDivElement>(null)
  const drag = useRef<Drag>(undefined)
  const [quarterTurns, setQuarterTurns] = useState(initial?.quarterTurns ?? 0)
  const [rect, setRect] = useState<Rect | undefined>(initial?.crop)
  const frame = turned(size, quarterTurns)
  const scale = useScale(stage, frame)

  useEffect(() => dialog.current?.showModal(), [])

  function done() {
    const whole = !rect || (rect.width === frame.width && rect.height === frame.height)
    onDone({ quarterTurns, crop: whole ? undefined : rect })
  }

  function turn(by: 1 | -1) {
    if (!turns) return
    // Counterclockwise is three times clockwise.
    let [nextRect, nextFrame] = [rect, frame]
    for (let step = by === 1 ? 1 : 3; step > 0; step--) {
      nextRect &&= turnRect(nextRect, nextFrame)
      nextFrame = turned(nextFrame, 1)
    }
    setQuarterTurns((quarterTurns + by + 4) % 4)
    setRect(nextRect)
  }

  function onKeyDown(event: KeyboardEvent) {
    const onButton = (event.target as HTMLElement).closest('button') !== null
    if (event.key === 'Enter' && !onButton) done()
    else if (event.key.toLowerCase() === 'r' && !event.ctrlKey && !event.metaKey) turn(event.shiftKey ? -1 : 1)
    else if (event.key.startsWith('Arrow')) moveByKey(event)
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  function moveByKey({ key, shiftKey, altKey }: KeyboardEvent) {
    const step = altKey ? 1 : Math.max(1, Math.round(Math.max(frame.width, frame.height) / 100))
    const across = key === 'ArrowLeft' ? -step : key === 'ArrowRight' ? step : 0
    const down = key === 'ArrowUp' ? -step : key === 'ArrowDown' ? step : 0
    const from = rect ?? { x: 0, y: 0, ...frame }
    setRect(
      shiftKey
        ? resizeRect(from, { right: across !== 0, bottom: down !== 0 }, across, down, frame)
        : moveRect(from, across, down, frame),
    )
  }

  const sheet = useRef<HTMLDivElement>(null)
  function point(event: PointerEvent) {
    const { left, top } = sheet.current!.getBoundingClientRect()
    return { x: (event.clientX - left) / scale, y: (event.clientY - top) / scale }
  }

  function onPointerDown(event: PointerEvent, edges?: Edges) {
    if (event.button !== 0) return
    event.stopPropagation()
    event.currentTarget.setPointerCapture(event.pointerId)
    const from = point(event)
    if (edges && rect) drag.current = { kind: Object.keys(edges).length > 0 ? 'resize' : 'move', edges, rect, from }
    else drag.current = { kind: 'draw', from }
  }

  function onPointerMove(event: PointerEvent) {
    const { current } = drag
    if (!current) return
    event.stopPropagation()
    const to = point(event)
    const [across, down] = [to.x - current.from.x, to.y - current.from.y]
    if (current.kind === 'draw') setRect(rectBetween(current.from, to, frame))
    else if (current.kind === 'move') setRect(moveRect(current.rect, across, down, frame))
    else setRect(resizeRect(current.rect, current.edges, across, down, frame))
  }

  function onPointerUp() {
    // A click without a drag takes the selection away.
    if (drag.current?.kind === 'draw' && rect && (rect.width < minEdge || rect.height < minEdge)) setRect(undefined)
    drag.current = undefined
  }

  const { picture: words } = text
  const shown = rect ?? { x: 0, y: 0, ...frame }
  const moves = { onPointerMove, onPointerUp, onPointerCancel: onPointerUp }
  return (
    <dialog ref={dialog} className={styles.editor} aria-label={title} onClose={onLeave} onKeyDown={onKeyDown}>
      <div className={styles.bar}>
        <h2 className={styles.title}>{title}</h2>
        <output className={styles.size}>{words.size(shown.width, shown.height)}</output>
        <span className={styles.tools}>
          {turns && <IconButton icon="turnLeft" label={words.turnLeft} onClick={() => turn(-1)} />}
          {turns && <IconButton icon="turnRight" label={words.turnRight} onClick={() => turn(1)} />}
          <Button
            onClick={() => {
              setRect(undefined)
              setQuarterTurns(0)
            }}
            disabled={!rect && quarterTurns === 0}
          >
            {words.wholePicture}
          </Button>
          <Button onClick={() => dialog.current?.close()}>{text.app.cancel}</Button>
          <Button kind="primary" onClick={done}>
            {action}
          </Button>
        </span>
      </div>
      <p className={styles.keys} id="editor-keys">
        {turns ? words.editKeys : words.captureKeys}
      </p>
      <div ref={stage} className={styles.stage}>
        <div
          ref={sheet}
          className={styles.sheet}
          style={{ width: frame.width * scale, height: frame.height * scale }}
          onPointerDown={onPointerDown}
          {...moves}
        >
          <img
            className={styles.picture}
            src={source}
            alt=""
            draggable={false}
            style={{
              width: size.width * scale,
              height: size.height * scale,
              transform: `translate(-50%, -50%) rotate(${quarterTurns * 90}deg)`,
            }}
          />
          {/* biome-ignore lint/a11y/useSemanticElements: a fieldset has no place in a picture */}
          <div
            role="group"
            // biome-ignore lint/a11y/noNoninteractiveTabindex: moved and sized by keys
            tabIndex={0}
            aria-label={words.selection(shown.width, shown.height, shown.x, shown.y)}
            aria-describedby="editor-keys"
            className={`${styles.rect} ${rect ? '' : styles.whole}`}
            style={{
              left: shown.x * scale,
              top: shown.y * scale,
              width: shown.width * scale,
              height: shown.height * scale,
            }}
            onPointerDown={(event) => onPointerDown(event, rect ? {} : undefined)}
            {...moves}
          >
            {rect && <span className={styles.readout}>{words.size(rect.width, rect.height)}</span>}
            {rect &&
              corners.map(({ name, edges }) => (
                <span
                  key={name}
                  className={`${styles.handle} ${styles[name]}`}
                  onPointerDown={(event) => onPointerDown(event, edges)}
                  {...moves}
                />
              ))}
          </div>
        </div>
      </div>
    </dialog>
  )
}

/** Pixels of the screen for one of the picture, so that all of it is seen. */
function useScale(stage: React.RefObject<HTMLDivElement | null>, { width, height }: Size): number {
  const [room, setRoom] = useState<Size>({ width: 1, height: 1 })
  useEffect(() => {
    const element = stage.current
    if (!element) return
    const measure = () => setRoom({ width: element.clientWidth - 32, height: element.clientHeight - 32 })
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    measure()
    return () => observer.disconnect()
  }, [stage])
  return Math.max(0.001, Math.min(room.width / width, room.height / height, 4))
}
