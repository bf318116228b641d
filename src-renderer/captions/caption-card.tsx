import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { CaptionItem } from '../../src-main/ipc/contract.ts'
import { errorText } from '../app/language/language.ts'
import { useOwl, useText } from '../app/store.ts'
import { Icon } from '../components/icon.tsx'
import styles from './caption-grid.module.css'

const thumbnailEdge = 320

/** A picture and its caption, which can be written over. */
export function CaptionCard({ item }: { item: CaptionItem }) {
  const text = useText()
  const words = text.captions
  const selected = useOwl((state) => state.captionSelection.has(item.id))
  const select = useOwl((state) => state.selectCaption)
  const name = item.path.slice(item.root.length).replace(/^[/\\]+/, '') || item.path
  return (
    <article className={styles.card} data-failed={item.error !== undefined} aria-label={name}>
      <CaptionPicture item={item} />
      <div className={styles.file}>
        {item.kind !== 'folder' && (
          <input
            type="checkbox"
            checked={selected}
            aria-label={words.select(name)}
            onChange={(event) => select(item.id, event.target.checked)}
          />
        )}
        <span title={item.path}>
          <bdi>{name}</bdi>
        </span>
      </div>
      {item.error && (
        <p className={styles.error} title={errorText(text, item.error).hint}>
          {errorText(text, item.error).message}
        </p>
      )}
      {item.kind !== 'folder' && <CaptionField item={item} name={name} />}
    </article>
  )
}

function CaptionPicture({ item }: { item: CaptionItem }) {
  const thumbnail = useOwl((state) => state.captionThumbnail)
  const [address, setAddress] = useState<string>()
  useEffect(() => {
    if (item.kind !== 'picture') return
    let isCurrent = true
    thumbnail(item.id, thumbnailEdge).then(
      (found) => isCurrent && setAddress(found),
      () => {},
    )
    return () => {
      isCurrent = false
    }
  }, [item.id, item.kind, thumbnail])
  return (
    <div className={styles.picture}>
      {address ? (
        <img src={address} alt="" decoding="async" />
      ) : (
        <Icon name={item.kind === 'video' ? 'video' : 'picture'} />
      )}
    </div>
  )
}

/** Enter keeps what was written and goes to the next caption, Shift+Enter to the one before; Escape takes it back. */
function CaptionField({ item, name }: { item: CaptionItem; name: string }) {
  const text = useText().captions
  const job = useOwl((state) => state.captionJob)
  const edit = useOwl((state) => state.editCaption)
  // What the person wrote stays until it is kept or taken back, whatever caption comes meanwhile.
  const [written, setWritten] = useState<string>()
  useEffect(() => setWritten((mine) => (mine === item.caption ? undefined : mine)), [item.caption])

  /** Until it comes back as the caption, it must not be sent a second time: that would be an edit of its own. */
  const sent = useRef<string>(undefined)
  // biome-ignore lint/correctness/useExhaustiveDependencies: with another caption, the same words are another edit
  useEffect(() => {
    sent.current = undefined
  }, [item.caption])

  async function keep() {
    if (job === undefined || written === undefined || written === (sent.current ?? item.caption)) return
    sent.current = written
    if (!(await edit(job, item.id, written))) sent.current = undefined
  }

  // A card that is scrolled or filtered away is taken off without a blur.
  const latest = useRef(keep)
  latest.current = keep
  useEffect(() => () => void latest.current(), [])

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>) {
    if (event.key === 'Escape') {
      event.stopPropagation()
      setWritten(undefined)
    } else if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      event.preventDefault()
      const next = nextField(event.currentTarget, event.shiftKey ? -1 : 1)
      // Leaving the field keeps what is in it.
      if (next) next.focus()
      else void keep()
    }
  }

  return (
    <textarea
      className={styles.caption}
      aria-label={text.captionOf(name)}
      placeholder={item.state === 'waiting' ? text.states.waiting : text.noCaption}
      value={written ?? item.caption}
      onChange={(event) => setWritten(event.target.value)}
      onBlur={() => void keep()}
      onKeyDown={onKeyDown}
      data-caption=""
    />
  )
}

function nextField(field: HTMLTextAreaElement, step: number): HTMLTextAreaElement | undefined {
  const list = [...(field.closest('ul')?.querySelectorAll<HTMLTextAreaElement>('[data-caption]') ?? [])]
  return list[list.indexOf(field) + step]
}
