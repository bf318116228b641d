import { OwlError } from '../owl-error.ts'

/**
 * Parses the JSON object of a checkpoint file. A name given twice is refused: readers disagree about which one counts.
 * @param source what is parsed, for the error
 * @throws OwlError `checkpoint-damaged`
 */
export function parseJsonObject(text: string, source: string): object {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new OwlError('checkpoint-damaged', `${source} is not JSON: ${(error as Error).message}.`, { cause: error })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new OwlError('checkpoint-damaged', `${source} is not a JSON object.`)
  }
  const name = repeatedName(text)
  if (name !== undefined) throw new OwlError('checkpoint-damaged', `${source} gives ${name} twice.`)
  return value
}

/** First name that occurs twice in one object of well-formed JSON. */
function repeatedName(text: string): string | undefined {
  const open: Set<string>[] = []
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '{') open.push(new Set())
    else if (text[at] === '}') open.pop()
    else if (text[at] === '"') {
      const end = endOfString(text, at)
      const string = text.slice(at, end)
      at = end - 1
      if (!isName(text, end)) continue
      const name = JSON.parse(string) as string
      if (open.at(-1)!.has(name)) return string
      open.at(-1)!.add(name)
    }
  }
  return undefined
}

/** Where the string that begins at `start` has ended. */
function endOfString(text: string, start: number): number {
  let at = start + 1
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at + 1
}

/** Whether the string that ends at `end` names a value, which the next sign tells. */
function isName(text: string, end: number): boolean {
  let at = end
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at++
  return text[at] === ':'
}
