import { type ReactNode, use, useEffect, useLayoutEffect, useRef } from 'react'
import styles from './app.module.css'
import { hasRoomForSide } from './navigation-slice.ts'
import { StoreContext, useOwl } from './store.ts'
import { viewNamed } from './views.tsx'

/** Id of the list, for the button that opens and closes it. */
export const sideId = 'side'
export const sideToggleId = 'side-toggle'

/** The list beside a view. A narrow window has no room beside: there it lies over the view while something is chosen. */
export function SidePanel() {
  const { Side } = viewNamed(useOwl((state) => state.view))
  const sideOpen = useOwl((state) => state.sideOpen)
  useRoomBeside()
  if (!Side || !sideOpen) return null
  return (
    <OpenSide>
      <Side />
    </OpenSide>
  )
}

function OpenSide({ children }: { children: ReactNode }) {
  const store = use(StoreContext)
  const side = useRef<HTMLElement>(null)

  useEffect(() => {
    const leave = () => void store?.getState().leaveSide()
    const onPointerDown = ({ target }: PointerEvent) => {
      const isOutside = target instanceof Element && !side.current?.contains(target)
      // The button closes it by itself.
      if (isOutside && !target.closest(`#${sideToggleId}`)) leave()
    }
    addEventListener('pointerdown', onPointerDown)
    const unsubscribe = store?.subscribe((state, before) => state.captionJob !== before.captionJob && leave())
    return () => {
      removeEventListener('pointerdown', onPointerDown)
      unsubscribe?.()
    }
  }, [store])

  // The focus that was in it goes where it came from.
  useLayoutEffect(() => {
    const leaving = side.current
    return () => {
      if (leaving?.contains(document.activeElement)) document.getElementById(sideToggleId)?.focus()
    }
  }, [])

  return (
    <aside ref={side} id={sideId} className={styles.side}>
      {children}
    </aside>
  )
}

/** Closes the list when the window becomes too narrow for it, and opens it again where it was open before. */
function useRoomBeside(): void {
  const store = use(StoreContext)
  const textSize = useOwl((state) => state.settings['appearance.textSize'])
  const had = useRef({ room: hasRoomForSide(), side: true })

  // biome-ignore lint/correctness/useExhaustiveDependencies: the limit grows with the text
  useEffect(() => {
    const look = () => {
      const room = hasRoomForSide()
      if (!store || room === had.current.room) return
      const { sideOpen, setSideOpen } = store.getState()
      setSideOpen(room && had.current.side)
      had.current = { room, side: room || sideOpen }
    }
    look()
    addEventListener('resize', look)
    return () => removeEventListener('resize', look)
  }, [store, textSize])
}
