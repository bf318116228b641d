import { EventEmitter } from 'node:events'
import { OwlError } from '../../native-models/owl-error.ts'
import type { Pictures, StoredPicture } from './pictures.ts'

export const captureKinds = ['region', 'window', 'screen'] as const
export type CaptureKind = (typeof captureKinds)[number]

/** What a shell that can look at the screen does: one picture as PNG, or undefined when the person left. */
export type CaptureHost = (kind: CaptureKind) => Promise<Uint8Array | undefined>

/**
 * Pictures of the screen, and others that come to the window from outside of it. They wait here until a window's
 * composer collects them: the program may have been started by opening one, before there is a window.
 */
export class Captures {
  /** Set by a shell that has one. */
  host: CaptureHost | undefined
  readonly #pictures: Pictures
  readonly #taken = new EventEmitter<{ taken: [] }>()
  #waiting: StoredPicture[] = []
  #isUnderWay = false

  constructor(pictures: Pictures) {
    this.#pictures = pictures
    this.#taken.setMaxListeners(0)
  }

  /** The listener is told that pictures wait. Returns a function that ends the subscription. */
  onTaken(listener: () => void): () => void {
    this.#taken.on('taken', listener)
    return () => this.#taken.off('taken', listener)
  }

  /**
   * Lets the person take a picture of the screen. While one is being taken, another start does nothing.
   * @throws OwlError `capture-unavailable` in a shell that cannot, and what keeping a picture throws
   */
  async start(kind: CaptureKind): Promise<void> {
    if (!this.host) throw new OwlError('capture-unavailable', 'This shell cannot look at the screen.')
    if (this.#isUnderWay) return
    this.#isUnderWay = true
    try {
      const bytes = await this.host(kind)
      if (bytes) await this.hand(captureName(new Date()), bytes)
    } finally {
      this.#isUnderWay = false
    }
  }

  /** Hands a picture to the windows, as one that was opened with the program. @throws as `Pictures.add` */
  async hand(name: string, bytes: Uint8Array): Promise<void> {
    this.#waiting.push(await this.#pictures.add(name, bytes))
    this.#taken.emit('taken')
  }

  /** The pictures that wait, once: the composer that asks has them then. */
  collect(): StoredPicture[] {
    const pictures = this.#waiting
    this.#waiting = []
    return pictures
  }
}

/** By local time, and of characters that every file system takes. */
function captureName(time: Date): string {
  const two = (number: number) => String(number).padStart(2, '0')
  const day = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join('-')
  return `Screen ${day} ${two(time.getHours())}.${two(time.getMinutes())}.${two(time.getSeconds())}.png`
}
