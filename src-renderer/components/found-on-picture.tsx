import { useEffect } from 'react'
import type { Picture } from '../../src-main/ipc/contract.ts'
import { useOwl } from '../app/store.ts'
import styles from './found-on-picture.module.css'
import { Thumbnail } from './thumbnail.tsx'

interface Props {
  picture: Picture
  /** What was searched for, as it stands in the picture. */
  words: readonly string[]
}

/** A picture in which a search found something, with the lines that hold it marked. */
export function FoundOnPicture({ picture, words }: Props) {
  const shown = useOwl((state) => state.pictureTexts[picture.hash])
  const readPicture = useOwl((state) => state.readPicture)
  useEffect(() => void readPicture(picture), [readPicture, picture])
  const lines = shown?.state === 'ready' ? shown.text.lines : []
  const wanted = words.map((word) => word.toLowerCase())
  const found = lines.filter(({ text }) => wanted.some((word) => text.toLowerCase().includes(word)))
  return (
    <span className={styles.picture}>
      <Thumbnail picture={picture} />
      <svg
        className={styles.marks}
        viewBox={`0 0 ${picture.width} ${picture.height}`}
        preserveAspectRatio="xMidYMid meet"
        aria-hidden="true"
      >
        {found.map(({ box: { left, top, width, height } }) => (
          <rect key={`${left} ${top}`} className={styles.mark} x={left} y={top} width={width} height={height} />
        ))}
      </svg>
    </span>
  )
}
