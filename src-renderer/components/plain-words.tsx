/** A sentence of ours or of main, in which `backquotes` mark what is to be typed. */
export function PlainWords({ children }: { children: string }) {
  // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one fixed sentence
  return children.split('`').map((piece, index) => (index % 2 === 1 ? <code key={index}>{piece}</code> : piece))
}
