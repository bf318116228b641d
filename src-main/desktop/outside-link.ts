const schemes = new Set(['https:', 'http:', 'mailto:'])

/** Whether the system may be asked to open a link: others could start programs or open files. */
export function isOutsideLink(url: string): boolean {
  return URL.canParse(url) && schemes.has(new URL(url).protocol)
}
