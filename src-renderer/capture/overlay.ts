import { languages } from '../app/language/language.ts'
import { minEdge, moveRect, type Rect, rectBetween, resizeRect } from '../chat/crop.ts'

/**
 * The page over a frozen screen: a part is drawn with the pointer, moved and sized by keys, and taken with Enter or by
 * letting go; Escape leaves. It fetches what there is to choose from and posts the choice to its shell.
 */

interface Offer {
  kind: 'region' | 'windows'
  frames: { name: string; width: number; height: number }[]
}

const parameters = new URLSearchParams(location.search)
const { capture: words } = languages[parameters.get('language') === 'zh' ? 'zh' : 'en']
const address = `../captures/${parameters.get('id')}`

const offer = (await (await fetch(address)).json()) as Offer
document.body.classList.add(offer.kind)
addEventListener('keydown', ({ key }) => {
  if (key === 'Escape') void choose(null)
})
if (offer.kind === 'region') showRegion(offer.frames[0]!)
else showWindows(offer.frames)

async function choose(choice: { frame: number; rect?: Rect } | null): Promise<void> {
  await fetch(address, { method: 'POST', body: JSON.stringify(choice) })
}

function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  text = '',
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag)
  made.className = className
  made.textContent = text
  return made
}

function showRegion(frame: Offer['frames'][number]): void {
  const picture = element('img', 'screen')
  picture.src = `${address}/0.png`
  picture.alt = ''
  picture.draggable = false
  const part = element('div', 'part')
  const readout = element('output', 'readout')
  part.append(readout)
  document.body.append(picture, part, element('p', 'keys', words.regionKeys))

  let rect: Rect | undefined
  let from: { x: number; y: number } | undefined

  function show(next: Rect | undefined): void {
    rect = next
    const shown = rect ?? { x: 0, y: 0, width: 0, height: 0 }
    const across = innerWidth / frame.width
    const down = innerHeight / frame.height
    Object.assign(part.style, {
      left: `${shown.x * across}px`,
      top: `${shown.y * down}px`,
      width: `${shown.width * across}px`,
      height: `${shown.height * down}px`,
    })
    readout.textContent = rect ? `${rect.width} × ${rect.height}` : ''
    readout.hidden = !rect
    readout.classList.toggle('inside', (shown.y + shown.height) * down > innerHeight - 40)
  }

  const point = ({ clientX, clientY }: PointerEvent) => ({
    x: (clientX * frame.width) / innerWidth,
    y: (clientY * frame.height) / innerHeight,
  })
  addEventListener('pointerdown', (event) => {
    from = point(event)
    document.body.setPointerCapture(event.pointerId)
    show(undefined)
  })
  addEventListener('pointermove', (event) => {
    if (from) show(rectBetween(from, point(event), frame))
  })
  addEventListener('pointerup', () => {
    from = undefined
    // A click without a drag chooses nothing yet.
    if (!rect || rect.width < minEdge || rect.height < minEdge) show(undefined)
    else void choose({ frame: 0, rect })
  })
  addEventListener('keydown', (event) => {
    if (event.key === 'Enter') void choose(rect ? { frame: 0, rect } : { frame: 0 })
    if (!event.key.startsWith('Arrow')) return
    event.preventDefault()
    const step = event.altKey ? 1 : 20
    const across = event.key === 'ArrowLeft' ? -step : event.key === 'ArrowRight' ? step : 0
    const down = event.key === 'ArrowUp' ? -step : event.key === 'ArrowDown' ? step : 0
    const { width, height } = frame
    const start = rect ?? { x: width >> 2, y: height >> 2, width: width >> 1, height: height >> 1 }
    const edges = { right: across !== 0, bottom: down !== 0 }
    show(event.shiftKey ? resizeRect(start, edges, across, down, frame) : moveRect(start, across, down, frame))
  })
  show(undefined)
}

function showWindows(frames: Offer['frames']): void {
  const list = element('div', 'choices')
  for (const [index, { name }] of frames.entries()) {
    const button = element('button', '')
    const picture = element('img', '')
    picture.src = `${address}/${index}.png`
    picture.alt = ''
    button.append(picture, name)
    button.addEventListener('click', () => void choose({ frame: index }))
    list.append(button)
  }
  document.body.append(element('p', 'keys', words.windowKeys), list)
  list.querySelector('button')?.focus()
}
