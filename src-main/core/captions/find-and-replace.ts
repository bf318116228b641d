import { OwlError } from '../../../native-models/owl-error.ts'

export interface Replacement {
  find: string
  replace: string
  matchCase: boolean
  wholeWords: boolean
  /** Whether `find` is a regular expression and `replace` may use its groups. */
  isPattern: boolean
}

/**
 * A function that changes a caption.
 * @throws OwlError `request-invalid` if `find` is empty or no regular expression
 */
export function replacer({ find, replace, matchCase, wholeWords, isPattern }: Replacement): (text: string) => string {
  if (find === '') throw new OwlError('request-invalid', 'There is nothing to be found.')
  const inner = isPattern ? `(?:${find})` : find.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
  const source = wholeWords ? `(?<![\\p{L}\\p{M}\\p{N}_])${inner}(?![\\p{L}\\p{M}\\p{N}_])` : inner
  const pattern = compile(source, matchCase ? 'gu' : 'giu', find)
  // `$&` and the like mean something in a pattern only.
  return (text) => (isPattern ? text.replace(pattern, replace) : text.replace(pattern, () => replace))
}

function compile(source: string, flags: string, find: string): RegExp {
  try {
    return new RegExp(source, flags)
  } catch (cause) {
    throw new OwlError('request-invalid', `${JSON.stringify(find)} is no regular expression.`, {
      hint: 'Correct it, or search for plain text.',
      cause,
    })
  }
}
