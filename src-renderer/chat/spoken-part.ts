/**
 * The next part of an answer to be read aloud: whole sentences while it grows, all the rest when it is complete.
 * @param from how much of the text has been read already
 */
export function spokenPart(text: string, from: number, growing: boolean): string {
  const rest = text.slice(from)
  if (!growing) return rest
  const end = [...rest.matchAll(/[.!?:]\s|[。！？\n]/g)].at(-1)
  return end ? rest.slice(0, end.index + end[0].length) : ''
}
