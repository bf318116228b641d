/** The pictures that a piece of a web page shows: their addresses, as written. */
function sources(html: string): string[] {
  if (!html.includes('<img')) return []
  // A document of its own: nothing in it is loaded or run.
  const page = new DOMParser().parseFromString(html, 'text/html')
  return [...page.querySelectorAll('img')].map((image) => image.getAttribute('src') ?? '')
}

/** Pictures that a piece of a web page carries within itself, as files. */
export function embeddedPictures(html: string): File[] {
  return sources(html).flatMap((source) => {
    const file = fileOfDataAddress(source)
    return file ? [file] : []
  })
}

/** Addresses of pictures that it only names. */
export function pictureAddresses(html: string): string[] {
  return sources(html).filter((source) => /^(https?|blob):/.test(source))
}

/** The file within a `data:` address of a picture. */
export function fileOfDataAddress(address: string): File | undefined {
  const parts = /^data:image\/([a-z0-9.+-]+)((?:;[^,;]+)*?)(;base64)?,(.*)$/is.exec(address)
  if (!parts) return undefined
  const [, kind = '', , base64, data = ''] = parts
  try {
    const text = decodeURIComponent(data)
    const bytes = base64
      ? Uint8Array.from(atob(text.replace(/\s/g, '')), (character) => character.charCodeAt(0))
      : new TextEncoder().encode(text)
    const ending = kind.toLowerCase().replace('jpeg', 'jpg').replace('svg+xml', 'svg')
    return new File([bytes], `picture.${ending}`, { type: `image/${kind.toLowerCase()}` })
  } catch {
    return undefined
  }
}
