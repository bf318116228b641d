import { useState } from 'react'
import type { Picture } from '../../src-main/ipc/contract.ts'
import { useText } from '../app/store.ts'
import { Icon } from './icon.tsx'
import styles from './thumbnail.module.css'

/** Where the shell serves a stored picture's bytes. */
export function pictureAddress({ hash }: Pick<Picture, 'hash'>): string {
  return `attachments/${hash}`
}

/** Where the shell serves a small one, made once. */
export function thumbnailAddress({ hash }: Pick<Picture, 'hash'>): string {
  return `thumbnails/${hash}`
}

/** A stored picture, filling its box; the button around it carries the name. */
export function Thumbnail({ picture }: { picture: Picture }) {
  const text = useText()
  const [missing, setMissing] = useState(false)
  if (missing) {
    return (
      <span className={styles.missing} title={text.picture.missing}>
        <Icon name="picture" />
      </span>
    )
  }
  return (
    <img
      className={styles.thumbnail}
      src={thumbnailAddress(picture)}
      alt=""
      width={picture.width}
      height={picture.height}
      decoding="async"
      draggable={false}
      onError={() => setMissing(true)}
    />
  )
}
