const schemes = ['https:', 'http:', 'mailto:']

/** Whether an address out of an answer may be handed to the system: of a known scheme, and absolute. */
export function isOpenable(address: string): boolean {
  return URL.canParse(address) && schemes.includes(new URL(address).protocol)
}
