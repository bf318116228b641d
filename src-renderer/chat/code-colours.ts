import type { Options as MarkdownOptions } from 'react-markdown'
import rehypeHighlight from 'rehype-highlight'

/** Colours where the language is named; a guess would change while the code grows. */
export const rehypePlugins: NonNullable<MarkdownOptions['rehypePlugins']> = [[rehypeHighlight, { detect: false }]]
