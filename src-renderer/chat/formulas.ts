import 'katex/dist/katex.min.css'
import type { Options as MarkdownOptions } from 'react-markdown'
import rehypeKatex, { type Options } from 'rehype-katex'
import remarkMath from 'remark-math'

/**
 * No links, no pictures, no endless macros: a formula is untrusted like the rest of an answer. One that cannot be read
 * is shown as it was written, in a colour that holds in both themes.
 */
const limits: Options = { trust: false, strict: 'ignore', maxSize: 20, maxExpand: 200, errorColor: 'var(--danger)' }

export const remarkPlugins: NonNullable<MarkdownOptions['rehypePlugins']> = [remarkMath]
export const rehypePlugins: NonNullable<MarkdownOptions['rehypePlugins']> = [[rehypeKatex, limits]]
