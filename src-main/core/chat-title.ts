/** Characters of a title that came from a question. */
const longest = 80

/** What a chat is called until a person names it: the first line of its first question, or its first picture. */
export function chatTitle(text: string, pictures: readonly { name: string }[]): string {
  const line = text.split('\n').find((each) => each.trim() !== '')
  const title = (line ?? pictures[0]?.name ?? '').replace(/\s+/g, ' ').trim()
  const characters = [...title]
  return characters.length <= longest
    ? title
    : `${characters
        .slice(0, longest - 1)
        .join('')
        .trimEnd()}…`
}
