import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useOwl, useText } from '../app/store.ts'
import { CaptionCard } from './caption-card.tsx'
import styles from './caption-grid.module.css'
import { captionPageSize } from './captions-slice.ts'

/** Least width of a card and height of a row, in pixels at the usual text size. */
const cardWidth = 260
const rowHeight = 290

/** The pictures of the open job. Only those on the screen are drawn, and asked for. */
export function CaptionGrid() {
  const text = useText().captions
  const total = useOwl((state) => state.captionTotal)
  const pages = useOwl((state) => state.captionPages)
  const showPages = useOwl((state) => state.showCaptionPages)
  const place = useRef<HTMLDivElement>(null)
  const columns = useColumns(place)
  const rows = useVirtualizer({
    count: Math.ceil(total / columns),
    getScrollElement: () => place.current,
    estimateSize: () => rowHeight,
    overscan: 2,
  })
  const shown = rows.getVirtualItems()
  const first = Math.floor(((shown[0]?.index ?? 0) * columns) / captionPageSize)
  const last = Math.floor((((shown.at(-1)?.index ?? 0) + 1) * columns - 1) / captionPageSize)

  // biome-ignore lint/correctness/useExhaustiveDependencies: pages that are dropped are asked for again
  useEffect(() => showPages(first, last), [first, last, pages, total, showPages])

  return (
    <div ref={place} className={styles.place}>
      {total === 0 && <p className={styles.nothing}>{text.nothing}</p>}
      <ul className={styles.sheet} style={{ height: rows.getTotalSize() }} aria-label={text.pictures}>
        {shown.flatMap(({ index: row, start }) =>
          Array.from({ length: Math.min(columns, total - row * columns) }, (_, column) => {
            const index = row * columns + column
            const item = pages.get(Math.floor(index / captionPageSize))?.[index % captionPageSize]
            return (
              <li
                key={item?.id ?? `empty ${index}`}
                className={styles.cell}
                style={{
                  height: rowHeight,
                  width: `${100 / columns}%`,
                  insetInlineStart: `${(100 * column) / columns}%`,
                  transform: `translateY(${start}px)`,
                }}
              >
                {item && <CaptionCard item={item} />}
              </li>
            )
          }),
        )}
      </ul>
    </div>
  )
}

function useColumns(place: React.RefObject<HTMLDivElement | null>): number {
  const [columns, setColumns] = useState(1)
  useLayoutEffect(() => {
    const element = place.current!
    const observer = new ResizeObserver(() => setColumns(Math.max(1, Math.floor(element.clientWidth / cardWidth))))
    observer.observe(element)
    return () => observer.disconnect()
  }, [place])
  return columns
}
