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
  for (const [token, string] of text.matchAll(/("[^"\\]*(?:\\.[^"\\]*)*")\s*:|"[^"\\]*(?:\\.[^"\\]*)*"|[{}]/g)) {
    if (token === '{') open.push(new Set())
    else if (token === '}') open.pop()
    else if (string !== undefined) {
      const name = JSON.parse(string) as string
      if (open.at(-1)!.has(name)) return string
      open.at(-1)!.add(name)
    }
  }
  return undefined
}
