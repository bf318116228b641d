/** Code, in which dollars and backslashes are themselves: fences to their end, and spans within a paragraph. */
const code = /(^|\n)(```|~~~)[\s\S]*?(?:\n\2|$)|(`+)(?:(?!\n\n)[\s\S])*?[^`]\3(?!`)/g

/** Whether there may be a formula in the text, so that its code is worth loading. */
export function mayHaveFormulas(text: string): boolean {
  return /\$|\\[([]/.test(text)
}

/**
 * Makes formulas of all common spellings those of remark-math: `\(x\)` becomes `$x$` and `\[x\]` becomes `$$x$$`. A
 * dollar that opens no formula by Pandoc's rule (something right after it, nothing between the end and its dollar, no
 * digit behind) is money and is escaped.
 */
export function markFormulas(text: string): string {
  let marked = ''
  let end = 0
  for (const { 0: span, index } of text.matchAll(code)) {
    marked += markPlain(text.slice(end, index)) + span
    end = index + span.length
  }
  return marked + markPlain(text.slice(end))
}

const formulas =
  /\\\\|\\\$|\$\$[\s\S]+?\$\$|\\\[([\s\S]+?)\\\]|\\\(([^\n]+?)\\\)|\$(?=[^\s$])((?:\\.|[^\\$\n])*?[^\\\s$]|[^\\\s$])\$(?!\d)|\$/g

function markPlain(text: string): string {
  return text.replace(formulas, (found, display: string | undefined, inline: string | undefined) => {
    if (display !== undefined) return `\n$$\n${display.trim()}\n$$\n`
    if (inline !== undefined) return `$${inline.trim()}$`
    return found === '$' ? '\\$' : found
  })
}
