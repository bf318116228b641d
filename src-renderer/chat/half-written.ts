import remend from 'remend'

/**
 * Markdown of which the end is still to come, made whole, so that it does not flicker between forms while it grows:
 * open emphasis, code and links are closed, and a table waits until its second line says that it is one.
 */
export function completeMarkdown(text: string): string {
  const lines = text.split('\n')
  let start = lines.length
  while (start > 0 && lines[start - 1]?.trimStart().startsWith('|')) start -= 1
  const rows = lines.length - start
  // The second line of a table has no letters: | --- | :-: |
  const undecided = rows === 1 || (rows === 2 && !/^\s*\|[\s|:-]*-[\s|:-]*\|\s*$/.test(lines.at(-1) ?? ''))
  return remend(undecided ? lines.slice(0, start).join('\n') : text)
}
