import { type ClipboardEvent, type KeyboardEvent, useEffect, useRef } from 'react'
import type { Picture, PictureText } from '../../src-main/ipc/contract.ts'
import { useOwl, useText } from '../app/store.ts'
import styles from './picture-text.module.css'

/** More lines would make the window slow; "copy all text" has all of them. */
const mostLines = 5000

type Line = PictureText['lines'][number]

interface Props {
  picture: Picture
  /** How the picture fills its box. */
  fit: 'contain' | 'cover'
  /** Without a stop of its own for the Tab key, where the picture is small. */
  quiet?: boolean
  /** A click that selects nothing. */
  onPlainClick?: () => void
}

/**
 * The text of a picture as transparent lines over it, to be selected and copied like any text: with the pointer, or by
 * keys line by line.
 */
export function PictureTextLayer({ picture, fit, quiet = false, onPlainClick }: Props) {
  const words = useText().reading
  const shown = useOwl((state) => state.pictureTexts[picture.hash])
  const readPicture = useOwl((state) => state.readPicture)
  const layer = useRef<SVGSVGElement>(null)

  // Where a person does not want it read, only a picture that is shown large is.
  const isWanted = useOwl(({ settings }) => !quiet || settings['reading.inAnswers'] !== 'off')

  useEffect(() => {
    if (isWanted) void readPicture(picture)
  }, [isWanted, readPicture, picture])

  if (shown?.state !== 'ready' || shown.text.lines.length === 0) return null
  const { width, height, lines } = shown.text

  function onKeyDown(event: KeyboardEvent) {
    const nodes = textNodes(layer.current)
    const selection = getSelection()
    const last = nodes.length - 1
    if (!selection || last < 0) return
    if (event.key.toLowerCase() === 'a' && (event.ctrlKey || event.metaKey)) {
      select(nodes[0]!, nodes[last]!)
    } else {
      const at = nodes.indexOf(selection.focusNode as Text)
      const to = { ArrowDown: at + 1, ArrowUp: Math.max(0, at - 1), Home: 0, End: last }[event.key]
      const line = to === undefined ? undefined : nodes[Math.min(to, last)]
      if (!line) return
      const anchor = nodes.find((node) => node === selection.anchorNode)
      if (event.shiftKey && anchor) select(anchor, line, nodes.indexOf(anchor) > nodes.indexOf(line))
      else select(line, line)
      line.parentElement?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
    }
    event.preventDefault()
    event.stopPropagation()
  }

  function onCopy(event: ClipboardEvent) {
    const text = selectedText(layer.current)
    if (text === '') return
    event.clipboardData.setData('text/plain', text)
    event.preventDefault()
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: lines of SVG are no fields of a form
    <svg
      ref={layer}
      className={styles.layer}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio={fit === 'contain' ? 'xMidYMid meet' : 'xMidYMid slice'}
      role="group"
      aria-label={words.layer}
      tabIndex={quiet ? undefined : 0}
      onKeyDown={onKeyDown}
      onCopy={onCopy}
      onClick={() => getSelection()?.type !== 'Range' && onPlainClick?.()}
    >
      {lines.slice(0, mostLines).map((line, at) => (
        // Lines never change places.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <TextLine key={at} line={line} />
      ))}
    </svg>
  )
}

function TextLine({ line: { text, box, rotation } }: { line: Line }) {
  const { left, top, width, height } = box
  const [length, size] = rotation === 0 ? [width, height] : [height, width]
  const turned = {
    0: undefined,
    90: `rotate(90 ${left} ${top}) translate(0 ${-width})`,
    270: `rotate(-90 ${left} ${top + height}) translate(0 ${height})`,
  }
  return (
    <text
      className={styles.line}
      x={left}
      y={top + 0.8 * size}
      fontSize={0.85 * size}
      textLength={length}
      lengthAdjust="spacingAndGlyphs"
      transform={turned[rotation]}
    >
      {text}
    </text>
  )
}

/** The text of a picture for screen readers, as the description that its id names. */
export function PictureDescription({ id, picture }: { id: string; picture: Picture }) {
  const shown = useOwl((state) => state.pictureTexts[picture.hash])
  const plain = shown?.state === 'ready' ? shown.text.plain : ''
  return (
    <span id={id} hidden>
      {plain.slice(0, 4000)}
    </span>
  )
}

function textNodes(layer: Element | null): Text[] {
  return [...(layer?.querySelectorAll('text') ?? [])].flatMap((line) =>
    line.firstChild instanceof Text ? [line.firstChild] : [],
  )
}

/** Selects whole lines; backwards, so that Shift goes on from where it was. */
function select(from: Text, to: Text, backwards = false): void {
  if (backwards) getSelection()?.setBaseAndExtent(from, from.length, to, 0)
  else getSelection()?.setBaseAndExtent(from, 0, to, to.length)
}

/** What is selected in a layer, a line each: copied as it is, text of SVG would run together. */
function selectedText(layer: Element | null): string {
  const selection = getSelection()
  if (!selection || selection.rangeCount === 0) return ''
  const range = selection.getRangeAt(0)
  return textNodes(layer)
    .filter((node) => range.intersectsNode(node))
    .map((node) => {
      const from = node === range.startContainer ? range.startOffset : 0
      const to = node === range.endContainer ? range.endOffset : node.length
      return node.data.slice(from, to)
    })
    .filter((text) => text !== '')
    .join('\n')
}
