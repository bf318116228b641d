import { useEffect, useRef } from 'react'
import type { Attention, Picture } from '../../src-main/ipc/contract.ts'
import { pictureAddress } from '../components/thumbnail.tsx'
import { heatPixels, type LayerChoice, patchAttention, placeOnSquare } from './heat.ts'
import styles from './inspector.module.css'

interface Props {
  picture: Picture
  attention: Attention['pictures'][number]
  layer: LayerChoice
  label: string
  /** Told of the canvas, so that it can be exported. */
  onDrawn?: (canvas: HTMLCanvasElement) => void
}

/** Longest side that is drawn; more detail than this does not help to see where the model looked. */
const longestSide = 1200

/** A picture under a veil, lit where the model looked. */
export function HeatMap({ picture, attention, layer, label, onDrawn }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    let left = false
    const image = new Image()
    image.src = pictureAddress(picture)
    image.decode().then(
      () => {
        if (left || !canvas.current) return
        draw(canvas.current, image, attention, layer)
        onDrawn?.(canvas.current)
      },
      () => {},
    )
    return () => {
      left = true
    }
  }, [picture, attention, layer, onDrawn])
  return <canvas ref={canvas} className={styles.heat} role="img" aria-label={label} />
}

function draw(
  canvas: HTMLCanvasElement,
  image: HTMLImageElement,
  attention: Attention['pictures'][number],
  layer: LayerChoice,
): void {
  const { naturalWidth: width, naturalHeight: height } = image
  const scale = Math.min(1, longestSide / Math.max(width, height))
  canvas.width = Math.max(1, Math.round(width * scale))
  canvas.height = Math.max(1, Math.round(height * scale))
  const context = canvas.getContext('2d')
  if (!context) return
  context.drawImage(image, 0, 0, canvas.width, canvas.height)
  context.fillStyle = '#10161a8c'
  context.fillRect(0, 0, canvas.width, canvas.height)

  const { side, fit } = attention
  const patches = new OffscreenCanvas(side, side)
  patches.getContext('2d')?.putImageData(new ImageData(heatPixels(patchAttention(attention, layer)), side, side), 0, 0)
  const place = placeOnSquare(fit, width, height)
  context.imageSmoothingEnabled = true
  context.imageSmoothingQuality = 'high'
  context.drawImage(
    patches,
    place.x * side,
    place.y * side,
    place.width * side,
    place.height * side,
    0,
    0,
    canvas.width,
    canvas.height,
  )
}
