/** About a frame of a screen: more messages than that nobody sees. */
const frameMs = 16

/** Gathers text that comes faster than it can be seen, and passes it on about once a frame. */
export class TextBatch {
  readonly #send: (text: string) => void
  #text = ''
  #sentAt = 0

  constructor(send: (text: string) => void) {
    this.#send = send
  }

  add(text: string): void {
    this.#text += text
    if (performance.now() - this.#sentAt >= frameMs) this.flush()
  }

  flush(): void {
    if (this.#text === '') return
    this.#send(this.#text)
    this.#text = ''
    this.#sentAt = performance.now()
  }
}
