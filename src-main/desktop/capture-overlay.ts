import { randomUUID } from 'node:crypto'
import { BrowserWindow, type Display, type NativeImage, type Rectangle } from 'electron'
import { z } from 'zod'
import { windowHeaders } from '../ipc/content-security.ts'
import { captureUrl } from './protocol.ts'

/** One picture that the person may take, whole or a part of it. */
export interface Frame {
  name: string
  image: NativeImage
}

/** What an overlay shows: one frozen screen to cut from, or windows to choose one of. */
export interface Offer {
  kind: 'region' | 'windows'
  display: Display
  frames: Frame[]
}

const side = z.number().int().min(0).max(65_536)
const choiceSchema = z
  .object({
    frame: z.number().int().min(0),
    rect: z.object({ x: side, y: side, width: side.min(1), height: side.min(1) }).optional(),
  })
  .nullable()
type Choice = z.output<typeof choiceSchema>

const refusal = (status: number) => new Response(null, { status, headers: windowHeaders })

/**
 * Windows over the screens in which the person chooses what is taken. Their page has no bridge to main: it fetches
 * what is offered, and posts the choice, under an address that nobody can guess.
 */
export class CaptureOverlay {
  readonly #offers = new Map<string, { offer: Offer; choose: (choice: Choice) => void }>()
  readonly #language: () => string

  /** @param language of the words on it: `en` or `zh` */
  constructor(language: () => string) {
    this.#language = language
  }

  /** Shows the offers, one window each. @returns what the person took, or undefined when they left */
  async choose(offers: readonly Offer[]): Promise<NativeImage | undefined> {
    const windows: BrowserWindow[] = []
    const ids: string[] = []
    try {
      return await new Promise((resolve) => {
        for (const offer of offers) {
          const id = randomUUID()
          ids.push(id)
          this.#offers.set(id, { offer, choose: (choice) => resolve(taken(offer, choice)) })
          const window = openOverlay(offer, `${captureUrl}?id=${id}&language=${this.#language()}`)
          windows.push(window)
          window.once('closed', () => resolve(undefined))
        }
      })
    } finally {
      for (const id of ids) this.#offers.delete(id)
      for (const window of windows) if (!window.isDestroyed()) window.destroy()
    }
  }

  /** Answers `owl://app/captures/ID...`: GET tells what is offered and gives its frames, POST takes the choice. */
  async respond(request: Request): Promise<Response> {
    const [, id = '', frame] = /^\/captures\/([\w-]+)(?:\/(\d+)\.png)?$/.exec(new URL(request.url).pathname) ?? []
    const found = this.#offers.get(id)
    if (!found) return refusal(404)
    const { offer, choose } = found
    if (request.method === 'POST') {
      const choice = choiceSchema.safeParse(await request.json().catch(() => undefined))
      if (!choice.success) return refusal(400)
      choose(choice.data)
      return refusal(204)
    }
    if (frame === undefined) {
      const frames = offer.frames.map(({ name, image }) => ({ name, ...image.getSize() }))
      return Response.json({ kind: offer.kind, frames }, { headers: windowHeaders })
    }
    const image = offer.frames[Number(frame)]?.image
    if (!image) return refusal(404)
    return new Response(new Uint8Array(image.toPNG()), { headers: { ...windowHeaders, 'Content-Type': 'image/png' } })
  }
}

function taken({ frames }: Offer, choice: Choice): NativeImage | undefined {
  const image = choice ? frames[choice.frame]?.image : undefined
  if (!image || !choice?.rect) return image
  const { width, height } = image.getSize()
  const { x, y } = choice.rect
  const rect = { x, y, width: Math.min(choice.rect.width, width - x), height: Math.min(choice.rect.height, height - y) }
  return rect.width > 0 && rect.height > 0 ? image.crop(rect) : undefined
}

/** The whole screen to cut from; to choose a window, the middle of what docks and bars leave of it. */
export function overlayBounds({ kind, display }: Pick<Offer, 'kind' | 'display'>): Rectangle {
  if (kind === 'region') return display.bounds
  const { x, y, width, height } = display.workArea
  const own = { width: Math.min(760, width), height: Math.min(560, height) }
  return { x: Math.round(x + (width - own.width) / 2), y: Math.round(y + (height - own.height) / 2), ...own }
}

function openOverlay(offer: Offer, address: string): BrowserWindow {
  const covers = offer.kind === 'region'
  const bounds = overlayBounds(offer)
  const window = new BrowserWindow({
    ...bounds,
    frame: false,
    show: false,
    resizable: !covers,
    movable: !covers,
    minimizable: false,
    maximizable: false,
    skipTaskbar: true,
    hasShadow: !covers,
    enableLargerThanScreen: covers,
    backgroundColor: '#15191b',
    webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false, spellcheck: false },
  })
  window.webContents.setWindowOpenHandler(() => ({ action: 'deny' }))
  window.webContents.on('will-navigate', (event) => event.preventDefault())
  window.once('ready-to-show', () => {
    // Above panels and docks, and where the picture was taken, also on a screen with another scale.
    if (covers) {
      window.setAlwaysOnTop(true, 'screen-saver')
      window.setBounds(bounds)
    }
    window.show()
    window.focus()
  })
  void window.loadURL(address)
  return window
}
