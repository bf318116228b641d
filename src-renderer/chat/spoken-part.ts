/**
 * The next part of an answer to be read aloud: whole sentences while it grows, all the rest when it is complete.
 * @param from how much of the text has been read already
 */
export function spokenPart(text: string, from: number, growing: boolean): string {
  const rest = text.slice(from)
  if (!growing) return rest
  const end = rest.search(/[.!?。！？:\n](?:\s|$)(?![\s\S]*[.!?。！？:\n](?:\s|$))|[。！？](?![\s\S]*[。！？])/)
  return end < 0 ? '' : rest.slice(0, end + 1)
}
